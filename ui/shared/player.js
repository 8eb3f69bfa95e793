// Plays recorded frames of maps, one or several side by side: play, pause, scrub. Between two frames the points glide in a
// straight line; where motion is unwanted they jump from frame to frame. Forces are arrows of the frame before.
const FRAMES_A_SECOND = 8, CALM_PACE = 2, LEAST = 220, GAP = 16, DOT = 2.6, EDGE = 12;  // frames; px

export default (component) => moving(component, draw);

function draw(root, data, say) {
    const {panels, labels, names, colours, times} = data, last = times.length - 1;
    let at = last, stop = () => {}, arrows = panels.some((panel) => panel.arrows);
    const row = add(root, "div", {class: "row"});
    const play = addButton(row, "Play", () => (play.on ? halt() : run()));
    const place = addRange(row, data.slider, {min: 0, max: last, step: 1, value: last}, (i) => times[i], (i) => { halt(); show(i); });
    if (arrows) {
        const label = add(row, "label", {class: "check"}), box = add(label, "input", {type: "checkbox"});
        box.checked = true;
        add(label, "span", {}, data.arrows_name);
        box.addEventListener("change", () => { arrows = box.checked; show(at); });
    }
    const stage = add(root, "div", {class: "row"});
    stage.style.alignItems = "flex-start";
    const views = panels.map((panel) => {
        const figure = add(stage, "figure"), title = add(figure, "figcaption", {}, panel.title);
        title.style.fontWeight = 650;
        const canvas = add(figure, "canvas", {role: "img"}), note = add(figure, "figcaption");
        return {panel, points: bytesOf(panel.points), forces: panel.arrows && bytesOf(panel.arrows), canvas, note, pen: canvas.getContext("2d")};
    });
    let side = 0;

    function run() {
        if (at >= last) at = 0;
        play.on = true;
        play.textContent = "Pause";
        let waited = 0;
        stop = animate(root, (passed) => {
            if (CALM.matches) {
                waited += passed * CALM_PACE;
                if (waited >= 1) [at, waited] = [Math.min(last, Math.floor(at) + 1), 0];
            } else {
                at = Math.min(last, at + passed * FRAMES_A_SECOND);
            }
            place.put(Math.floor(at));
            show(at);
            if (at < last) return true;
            halt();
            return false;
        });
    }

    function halt() {
        stop();
        play.on = false;
        play.textContent = "Play";
    }

    function show(to) {
        at = to;
        for (const view of views) paint(view);
        const told = views.map(({panel}) => `${panel.title}: ${panel.notes[Math.floor(at)]}`);
        say(`${times[Math.floor(at)]}. ${told.join(". ")}.`);
    }

    // Returns the place of a point on the canvas, in px, from its two numbers from 0 to 255.
    function placeOf(points, i) {
        const before = Math.floor(at), part = at - before, n = 2 * labels.length, next = Math.min(last, before + 1);
        return [0, 1].map((axis) => {
            const [a, b] = [points[before * n + 2 * i + axis], points[next * n + 2 * i + axis]];
            const share = (a + (b - a) * part) / 255;
            return EDGE + (side - 2 * EDGE) * (axis ? 1 - share : share);
        });
    }

    function paint({panel, points, forces, canvas, note, pen}) {
        const ink = getComputedStyle(root).color;
        pen.setTransform(canvas.width / side, 0, 0, canvas.height / side, 0, 0);
        pen.clearRect(0, 0, side, side);
        pen.strokeStyle = ink;
        pen.globalAlpha = 0.35;
        pen.lineWidth = 1;
        pen.strokeRect(0.5, 0.5, side - 1, side - 1);
        pen.globalAlpha = 0.85;
        const places = labels.map((_, i) => placeOf(points, i));
        places.forEach(([x, y], i) => {
            pen.fillStyle = colours[labels[i]];
            pen.beginPath();
            pen.arc(x, y, DOT, 0, 2 * Math.PI);
            pen.fill();
        });
        pen.globalAlpha = 1;
        if (forces && arrows) paintArrows(pen, places, forces, ink);
        if (panel.ruler) paintRuler(pen, panel, ink);
        paintNames(pen, places);
        note.textContent = panel.notes[Math.floor(at)];
        canvas.setAttribute("aria-label", `${panel.title}, ${times[Math.floor(at)]}: ${note.textContent}`);
    }

    function paintArrows(pen, places, forces, ink) {
        const n = data.arrows_of.length, from = Math.floor(at) * 2 * n;
        pen.strokeStyle = ink;
        pen.lineWidth = 1.4;
        data.arrows_of.forEach((i, k) => {
            const [dx, dy] = [0, 1].map((axis) => (forces[from + 2 * k + axis] / 127.5 - 1) * side * data.arrows_reach);
            const length = Math.hypot(dx, dy), [x, y] = places[i], [tx, ty] = [x + dx, y - dy];
            if (length < 2) return;
            const [ux, uy] = [dx / length, -dy / length], head = Math.min(5, length);
            pen.beginPath();
            pen.moveTo(x, y);
            pen.lineTo(tx, ty);
            pen.moveTo(tx - head * (ux - 0.6 * uy), ty - head * (uy + 0.6 * ux));
            pen.lineTo(tx, ty);
            pen.lineTo(tx - head * (ux + 0.6 * uy), ty - head * (uy - 0.6 * ux));
            pen.stroke();
        });
    }

    function paintRuler(pen, {ruler}, ink) {
        const y = 14, right = side - EDGE, left = right - ruler * (side - 2 * EDGE);
        pen.strokeStyle = pen.fillStyle = ink;
        pen.lineWidth = 2;
        pen.beginPath();
        for (const [a, b, c, d] of [[left, y, right, y], [left, y - 4, left, y + 4], [right, y - 4, right, y + 4]]) {
            pen.moveTo(a, b);
            pen.lineTo(c, d);
        }
        pen.stroke();
        pen.font = `12px ${getComputedStyle(root).fontFamily}`;
        pen.textAlign = "right";
        pen.textBaseline = "top";
        pen.fillText("the margin", right, y + 6);
    }

    function paintNames(pen, places) {
        const middle = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
        pen.font = `bold 13px ${getComputedStyle(root).fontFamily}`;
        pen.textAlign = "center";
        pen.textBaseline = "middle";
        names.forEach((name, label) => {
            const own = places.filter((_, i) => labels[i] === label);
            if (!own.length) return;
            const [x, y] = [0, 1].map((axis) => middle(own.map((each) => each[axis])));
            const wide = pen.measureText(name).width + 8, beside = x + (x < side - 4 * wide ? 1 : -1) * (wide + 4);
            pen.fillStyle = colours[label];
            pen.fillRect(beside - wide / 2, y - 9, wide, 18);
            pen.fillStyle = data.on[label];
            pen.fillText(name, beside, y);
        });
    }

    fitted(stage, (width) => {
        const across = Math.max(1, Math.min(panels.length, Math.floor((width + GAP) / (LEAST + GAP))));
        side = Math.min(Math.floor((width - GAP * (across - 1)) / across), data.most_side);
        for (const {canvas} of views) {
            canvas.style.width = canvas.style.height = `${side}px`;
            canvas.width = canvas.height = Math.round(side * devicePixelRatio);
            canvas.style.display = "block";
            canvas.parentElement.style.width = `${side}px`;
        }
        show(at);
    });
    root.addEventListener("transitionend", ({target}) => { if (target === root) show(at); });  // in the new theme's colours
    return halt;
}
