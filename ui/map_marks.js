// Draws marks over Plotly's charts: stars for drawings, rings, lines and crosses, where each chart shows them just now.
// Over the charts and not in them, as Streamlit builds a chart anew with every change of it: that takes a fifth of a
// second and loses what was zoomed, turned or isolated.
const SVG = "http://www.w3.org/2000/svg";
const STAR = Array.from({length: 10}, (_, i) => {
    const radius = i % 2 ? 5 : 12, angle = Math.PI * (i / 5 - 0.5);
    return `${(radius * Math.cos(angle)).toFixed(1)},${(radius * Math.sin(angle)).toFixed(1)}`;
}).join(" ");

export default function ({data, parentElement}) {
    parentElement.stopMarking?.();
    const layers = new Map();
    let frame = 0;

    function follow() {
        for (const [key, marks] of Object.entries(data.charts)) {
            const plot = document.querySelector(`.st-key-${key} .js-plotly-plot`);
            const view = plot?._fullLayout?.meta === marks.map ? viewOf(plot) : null;
            const layer = layers.get(key);
            if (view && layer?.svg.isConnected && layer.seen === view.seen) continue;
            layer?.svg.remove();
            if (view) layers.set(key, {seen: view.seen, svg: draw(plot, view, marks, data.colours)});
        }
        frame = requestAnimationFrame(follow);
    }

    parentElement.stopMarking = () => {
        cancelAnimationFrame(frame);
        for (const {svg} of layers.values()) svg.remove();
    };
    follow();
    return () => parentElement.stopMarking();
}

// Where a chart shows a point: the pixel of its coordinates, the box that is the map, and a text that changes with both.
function viewOf(plot) {
    const {_size: size, xaxis, yaxis, scene, font} = plot._fullLayout;
    if (scene) {
        const drawn = scene._scene, camera = drawn?.glplot?.cameraParams, scale = drawn?.dataScale;
        if (!camera?.projection || !scale) return null;
        const {x, y} = scene.domain;
        const box = {
            left: size.l + x[0] * size.w, top: size.t + (1 - y[1]) * size.h,
            width: (x[1] - x[0]) * size.w, height: (y[1] - y[0]) * size.h,
        };
        const steps = [camera.model, camera.view, camera.projection];
        const pixel = (at) => {
            const [px, py, , w] = steps.reduce(times, [...at.map((each, i) => each * scale[i]), 1]);
            return [box.left + box.width * (1 + px / w) / 2, box.top + box.height * (1 - py / w) / 2];
        };
        const seen = JSON.stringify([box, font.color, scale, steps.map((matrix) => Array.from(matrix))]);
        return {pixel, box, seen};
    }
    if (!xaxis?.range || !yaxis?.range) return null;
    const box = {left: xaxis._offset, top: yaxis._offset, width: xaxis._length, height: yaxis._length};
    const share = (at, [from, to]) => (at - from) / (to - from);
    const pixel = ([x, y]) => [
        box.left + box.width * share(x, xaxis.range), box.top + box.height * (1 - share(y, yaxis.range)),
    ];
    return {pixel, box, seen: JSON.stringify([box, font.color, xaxis.range, yaxis.range])};
}

function times(vector, matrix) {
    return [0, 1, 2, 3].map((i) => vector.reduce((sum, each, j) => sum + each * matrix[4 * j + i], 0));
}

function draw(plot, {pixel, box}, marks, colours) {
    const over = plot.querySelector(".svg-container") ?? plot;
    const svg = add(over, "svg", {class: "map-marks", "aria-hidden": true});
    Object.assign(svg.style, {position: "absolute", inset: 0, width: "100%", height: "100%", pointerEvents: "none"});
    const clip = add(svg, "svg", {x: box.left, y: box.top, width: box.width, height: box.height});
    const inside = (at) => {
        const [x, y] = pixel(at);
        return [x - box.left, y - box.top];
    };
    const line = (a, b, style) => add(clip, "line", {x1: a[0], y1: a[1], x2: b[0], y2: b[1], ...style});
    const ring = ([cx, cy], style) => add(clip, "circle", {cx, cy, fill: "none", stroke: colours.same, ...style});

    for (const [x, y] of marks.doubtful.map(inside)) {
        const d = `M${x - 3.5} ${y - 3.5}l7 7m0 -7l-7 7`;
        add(clip, "path", {d, stroke: colours.different, "stroke-width": 1.5, "data-mark": "doubtful"});
    }
    if (marks.picked) {
        const at = inside(marks.picked), near = marks.neighbours.map(inside);
        for (const each of near) line(at, each, {stroke: colours.same, "stroke-width": 1});
        for (const each of near) ring(each, {r: 6, "stroke-width": 2, "data-mark": "neighbour"});
        ring(at, {r: 9, "stroke-width": 4, "data-mark": "picked"});
    }
    const {color} = plot._fullLayout.font, ground = plot._fullLayout.paper_bgcolor;
    const write = (text, [x, y], px, anchor) => {
        const style = {fill: color, stroke: ground, "stroke-width": 4, "paint-order": "stroke", "font-size": px};
        add(svg, "text", {x, y, "text-anchor": anchor, "font-weight": 600, ...style}).textContent = text;
    };
    // A star beyond the edge of what is zoomed stands hollow at the edge.
    const held = (value, from, length) => Math.max(from + 8, Math.min(from + length - 8, value));
    const stars = Object.entries(marks.stars).map(([name, at]) => {
        const [x, y] = pixel(at);
        const place = [held(x, box.left, box.width), held(y, box.top, box.height)];
        return {name, at: [x - box.left, y - box.top], place, beyond: place[0] !== x || place[1] !== y};
    });
    if (stars.length === 2) line(stars[0].at, stars[1].at, {stroke: colours.neutral, "stroke-width": 3});
    for (const {name, at, place, beyond} of stars) {
        add(svg, "polygon", {
            points: STAR, transform: `translate(${place})`, "data-star": name, "data-beyond": beyond,
            fill: beyond ? "none" : colours.stars[name], stroke: beyond ? colours.stars[name] : colours.edge,
            "stroke-width": beyond ? 2.5 : 1.5,
        });
        const left = stars.some((other) => other.at[0] > at[0]) || place[0] > box.left + box.width - 60;
        write(name, [place[0] + (left ? -16 : 16), place[1] + 5], 13, left ? "end" : "start");
    }
    if (stars.length === 2) {
        const [a, b] = stars.map(({place}) => place);
        write(marks.distance, [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2 - 8], 14, "middle");
    }
    return svg;
}

function add(parent, name, attributes) {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    parent.append(element);
    return element;
}
