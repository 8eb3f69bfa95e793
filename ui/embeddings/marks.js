// Draws marks over Plotly's charts: stars for drawings, rings, lines and crosses. They follow zoom and camera.
// They are not part of the charts, as Streamlit builds a chart anew with every change: that takes a fifth of a second and
// loses zoom, camera and isolated classes. Their pixels follow from private fields of Plotly, which no version promises:
// each field is checked before it is used, and where one is missing Python is told.
const SVG = "http://www.w3.org/2000/svg";
const STAR = Array.from({length: 10}, (_, i) => {
    const radius = i % 2 ? 5 : 12, angle = Math.PI * (i / 5 - 0.5);
    return `${(radius * Math.cos(angle)).toFixed(1)},${(radius * Math.sin(angle)).toFixed(1)}`;
}).join(" ");

const PATIENCE = 120;  // frames for which a chart may lack its fields, as it is still being drawn

export default function ({data, parentElement, setTriggerValue}) {
    parentElement.stopMarking?.();
    const layers = new Map(), waited = new Map();
    let frame = 0;

    function follow() {
        frame = requestAnimationFrame(follow);
        for (const [key, marks] of Object.entries(data.charts)) {
            const plot = document.querySelector(`.st-key-${key} .js-plotly-plot`);
            const view = plot?.layout?.meta === marks.map ? viewOf(plot, marks.dimensions) : null;
            waited.set(key, plot && !view ? (waited.get(key) ?? 0) + 1 : 0);
            if (waited.get(key) === PATIENCE) setTriggerValue("cannot_draw", marks.dimensions);
            const layer = layers.get(key);
            if (view && layer?.svg.isConnected && layer.seen === view.seen) continue;
            layer?.svg.remove();
            layers.delete(key);
            if (view) layers.set(key, {seen: view.seen, svg: draw(plot, view, marks, data.colours)});
        }
    }

    function stop() {
        cancelAnimationFrame(frame);
        for (const {svg} of layers.values()) svg.remove();
    }

    parentElement.stopMarking = stop;
    follow();
    return stop;
}

// Returns how a chart shows its points: `pixel` gives the pixel of a point (null behind the camera), `box` is the area
// of the map, `hidden` the classes that the legend hides, `ink` and `ground` are the colours of text and background, and
// `seen` is a text that changes when any of these changes. Returns null if a field is missing.
function viewOf(plot, dimensions) {
    const {_size: size, font, paper_bgcolor: ground = "none"} = plot._fullLayout ?? {};
    const view = dimensions === 3 ? inSpace(plot._fullLayout?.scene, size) : onPlane(plot._fullLayout ?? {});
    if (!view || !numbers(Object.values(view.box), 4)) return null;
    const hidden = plot.data.filter((trace) => trace.visible === "legendonly").map((trace) => trace.legendgroup);
    const ink = font?.color ?? "currentColor";
    return {...view, hidden, ink, ground, seen: JSON.stringify([view.box, view.seen, hidden, ink])};
}

function onPlane({xaxis, yaxis}) {
    const ranges = [xaxis?.range, yaxis?.range];
    if (!ranges.every((range) => numbers(range, 2))) return null;
    const box = {left: xaxis._offset, top: yaxis._offset, width: xaxis._length, height: yaxis._length};
    const share = (at, [from, to]) => (at - from) / (to - from);
    const pixel = ([x, y]) => [
        box.left + box.width * share(x, ranges[0]), box.top + box.height * (1 - share(y, ranges[1])),
    ];
    return {pixel, box, seen: ranges};
}

function inSpace(scene, size) {
    const camera = scene?._scene?.glplot?.cameraParams, scale = scene?._scene?.dataScale;
    const steps = [camera?.model, camera?.view, camera?.projection], {x, y} = scene?.domain ?? {};
    const known = steps.every((matrix) => numbers(matrix, 16)) && numbers(scale, 3) && numbers(x, 2) && numbers(y, 2);
    if (!known || !size) return null;
    const box = {
        left: size.l + x[0] * size.w, top: size.t + (1 - y[1]) * size.h,
        width: (x[1] - x[0]) * size.w, height: (y[1] - y[0]) * size.h,
    };
    const pixel = (at) => {
        const [px, py, , w] = steps.reduce(times, [...at.map((each, i) => each * scale[i]), 1]);
        const place = [box.left + box.width * (1 + px / w) / 2, box.top + box.height * (1 - py / w) / 2];
        return w > 0 && place.every(Number.isFinite) ? place : null;
    };
    return {pixel, box, seen: [scale, steps.map((matrix) => Array.from(matrix))]};
}

function numbers(list, count) {
    return list?.length === count && Array.from(list).every(Number.isFinite);
}

function times(vector, matrix) {
    return [0, 1, 2, 3].map((i) => vector.reduce((sum, each, j) => sum + each * matrix[4 * j + i], 0));
}

function draw(plot, view, marks, colours) {
    const {pixel, box, hidden} = view;
    const svg = add(plot.querySelector(".svg-container") ?? plot, "svg", {class: "map-marks", "aria-hidden": true});
    Object.assign(svg.style, {position: "absolute", inset: 0, width: "100%", height: "100%", pointerEvents: "none"});
    const clip = add(svg, "svg", {x: box.left, y: box.top, width: box.width, height: box.height});
    const inBox = ([x, y]) => [x - box.left, y - box.top];
    const digits = ({at, labels}) => at.map((each, i) => (hidden.includes(labels[i]) ? null : pixel(each)))
        .filter(Boolean).map(inBox);
    const line = (a, b, style) => add(clip, "line", {x1: a[0], y1: a[1], x2: b[0], y2: b[1], ...style});
    const ring = ([cx, cy], style) => add(clip, "circle", {cx, cy, fill: "none", stroke: colours.same, ...style});

    const doubtful = digits(marks.doubtful), crosses = doubtful.map(([x, y]) => `M${x - 3.5} ${y - 3.5}l7 7m0-7l-7 7`);
    const style = {stroke: colours.different, "stroke-width": 1.5};
    add(clip, "path", {d: crosses.join(""), "data-doubtful": doubtful.length, ...style});

    const [picked] = digits(marks.picked), near = digits(marks.neighbours);
    if (picked) for (const each of near) line(picked, each, {stroke: colours.same, "stroke-width": 1});
    for (const each of near) ring(each, {r: 6, "stroke-width": 2, "data-mark": "neighbour"});
    if (picked) ring(picked, {r: 9, "stroke-width": 4, "data-mark": "picked"});
    drawStars(svg, view, marks, colours, (a, b) => (
        line(inBox(a), inBox(b), {stroke: colours.neutral, "stroke-width": 3})
    ));
    return svg;
}

// Draws the stars; a star outside the visible part of the map is hollow and stands at its edge.
function drawStars(svg, {pixel, box, ink, ground}, marks, colours, tie) {
    const write = (text, x, y, size, anchor) => add(svg, "text", {
        x, y, fill: ink, stroke: ground, "stroke-width": 4, "paint-order": "stroke", "font-size": size,
        "font-weight": 600, "text-anchor": anchor,
    }).append(text);
    const held = (value, from, length) => Math.max(from + 8, Math.min(from + length - 8, value));
    const stars = Object.entries(marks.stars).map(([name, at]) => ({name, pixel: pixel(at)})).filter((star) => star.pixel)
        .map(({name, pixel: [x, y]}) => {
            const place = [held(x, box.left, box.width), held(y, box.top, box.height)];
            return {name, place, beyond: place[0] !== x || place[1] !== y};
        });
    const both = stars.length === 2;
    if (both) tie(stars[0].place, stars[1].place);
    for (const {name, place: [x, y], beyond} of stars) {
        const colour = colours.stars[name];
        add(svg, "polygon", {
            points: STAR, transform: `translate(${x},${y})`, "data-star": name, "data-beyond": beyond,
            fill: beyond ? "none" : colour, stroke: beyond ? colour : colours.edge, "stroke-width": beyond ? 2.5 : 1.5,
        });
        const crowded = stars.some((other) => other.place[0] > x) || x > box.left + box.width - 60;
        const before = crowded && x > box.left + 60;
        write(name, x + (before ? -16 : 16), y + 5, 13, before ? "end" : "start");
    }
    if (both) {
        const [[x, y], [x2, y2]] = stars.map(({place}) => place);
        write(marks.distance, (x + x2) / 2, (y + y2) / 2 - 8, 14, "middle");
    }
}

function add(parent, name, attributes) {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    parent.append(element);
    return element;
}
