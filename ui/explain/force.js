// Two pairs on the axis of distances, a same and a different one, and the margin: each pair has an arrow as long as a step of
// training. The formulas are those of siamese_core/training/forces.py; a test holds the numbers shown against it.
const HEIGHT = 184, LEFT = 14, RIGHT = 14, LANES = [60, 118], AXIS = 148;  // px
const STEPS_A_SECOND = 14, STILL = 0.0005;

export default (component) => moving(component, draw);

function lossOf(same, d, margin) {
    return same ? d * d : Math.max(margin - d, 0) ** 2;
}

function forceOf(same, d, margin) {
    return same ? -2 * d : 2 * Math.max(margin - d, 0);
}

function draw(root, data, say) {
    const {most, rate, momentum, colours} = data, kinds = ["same pair", "different pair"];
    let width = 0, speed = [0, 0], d = [...data.distances], stop = () => {};
    const stage = add(root, "div"), svg = addSvg(stage, "svg", {height: HEIGHT, "aria-hidden": true});
    const axis = addSvg(svg, "g"), limit = addSvg(svg, "g", {class: "bead"});
    const parts = kinds.map((_, i) => makeBead(i));
    const formulas = kinds.map(() => add(root, "p", {class: "sum"}));
    const options = {min: 0, max: most, step: 0.01};
    const ranges = kinds.map((kind, i) => addRange(
        root, `Distance of the ${kind}`, {...options, value: d[i]}, two, (value) => hold(i, value),
    ));
    const margin = addRange(root, "Margin", {...options, min: 0.1, value: data.margin}, two, () => { halt(); show(); });
    const row = add(root, "div", {class: "row"});
    addButton(row, "One step", () => { halt(); advance(); show(); });
    const runs = addButton(row, "Let go", () => (runs.running ? halt() : run()));
    addButton(row, "Start again", () => { halt(); speed = [0, 0]; margin.put(data.margin); d = [...data.distances]; show(); });

    function two(value) { return value.toFixed(2); }

    function pixel(value) { return LEFT + (width - LEFT - RIGHT) * value / most; }

    function valueAt(x) { return Math.min(most, Math.max(0, most * (x - LEFT) / (width - LEFT - RIGHT))); }

    function makeBead(i) {
        const group = addSvg(svg, "g", {class: "bead"}), y = LANES[i];
        const bar = addSvg(group, "line", {y1: y, y2: y, stroke: colours[i], "stroke-width": 3, "stroke-opacity": 0.45});
        const arrow = addSvg(group, "path", {fill: "none", stroke: colours[i], "stroke-width": 3.5, "stroke-linejoin": "round"});
        const ends = [0, 1].map(() => addSvg(group, "circle", {cy: y, r: 9, fill: colours[i]}));
        const word = addSvg(group, "text", {y: y - 24}, kinds[i]);
        draggable(group, svg, (x) => ranges[i].move(valueAt(x)));
        return {bar, arrow, ends, word};
    }

    function hold(i, value) {
        halt();
        speed = [0, 0];
        d[i] = value;
        show();
    }

    function advance() {
        d = d.map((each, i) => {
            speed[i] = momentum * speed[i] + rate * forceOf(i === 0, each, margin.value);
            const reached = each + speed[i];
            if (reached < 0) speed[i] = -speed[i];
            return Math.min(most, Math.abs(reached));
        });
    }

    function atRest() {
        return d.every((each, i) => Math.abs(speed[i]) < STILL && rate * Math.abs(forceOf(i === 0, each, margin.value)) < STILL);
    }

    function run() {
        if (CALM.matches) {
            do advance(); while (!atRest());
            return show();
        }
        let due = 0;
        runs.running = true;
        runs.textContent = "Hold";
        stop = animate(root, (passed) => {
            for (due += passed * STEPS_A_SECOND; due >= 1; due -= 1) advance();
            show();
            if (!atRest()) return true;
            halt();
            return false;
        });
    }

    function halt() {
        stop();
        runs.running = false;
        runs.textContent = "Let go";
    }

    function frame() {
        svg.setAttribute("width", width);
        axis.replaceChildren();
        addSvg(axis, "line", {class: "axis", x1: LEFT, x2: width - RIGHT, y1: AXIS, y2: AXIS});
        for (let tick = 0; tick <= most; tick += 0.5) {
            addSvg(axis, "line", {class: "axis", x1: pixel(tick), x2: pixel(tick), y1: AXIS, y2: AXIS + 5});
            addSvg(axis, "text", {x: pixel(tick), y: AXIS + 20, "text-anchor": "middle"}, tick.toFixed(1));
        }
        addSvg(axis, "text", {x: width - RIGHT, y: AXIS - 8, "text-anchor": "end", opacity: 0.8}, "distance");
    }

    function show() {
        if (!width) return;
        const m = margin.value, x = pixel(m);
        limit.replaceChildren();
        addSvg(limit, "rect", {x: x - 12, y: 6, width: 24, height: AXIS - 6, fill: "transparent"});
        addSvg(limit, "line", {x1: x, x2: x, y1: 18, y2: AXIS, stroke: "currentColor", "stroke-width": 2, "stroke-dasharray": "6 4"});
        const after = x < width - 90;
        addSvg(limit, "text", {x: x + (after ? 7 : -7), y: 16, "text-anchor": after ? "start" : "end"}, `margin ${two(m)}`);
        parts.forEach((part, i) => showBead(part, i, m));
        const [same, different] = [0, 1].map((i) => forceOf(i === 0, d[i], m));
        formulas[0].textContent = `same: loss = d² = ${two(d[0])}² = ${lossOf(true, d[0], m).toFixed(3)}, pulled together by ${Math.abs(same).toFixed(2)}`;
        formulas[1].textContent = d[1] < m
            ? `different: loss = (margin − d)² = (${two(m)} − ${two(d[1])})² = ${lossOf(false, d[1], m).toFixed(3)}, pushed apart by ${different.toFixed(2)}`
            : `different: beyond the margin, loss = ${lossOf(false, d[1], m).toFixed(3)}: nothing pulls or pushes`;
        say(`Margin ${two(m)}. Same pair at ${two(d[0])}, pulled together by ${Math.abs(same).toFixed(2)}. Different pair at ${two(d[1])}, ${different ? `pushed apart by ${different.toFixed(2)}` : "nothing pushes"}.`);
    }

    function showBead({bar, arrow, ends, word}, i, m) {
        const x = pixel(d[i]), y = LANES[i], move = rate * forceOf(i === 0, d[i], m), tip = pixel(d[i] + move);
        ranges[i].put(d[i]);
        set(bar, {x1: pixel(0), x2: x});
        ends[0].setAttribute("cx", pixel(0));
        ends[1].setAttribute("cx", x);
        const back = Math.sign(move) * Math.min(7, Math.abs(tip - x));
        arrow.setAttribute("d", Math.abs(tip - x) < 1 ? "" : `M${x} ${y - 13}H${tip}m${-back} -5l${back} 5l${-back} 5`);
        set(word, {x: Math.min(Math.max(x, LEFT), width - RIGHT), "text-anchor": x > width - 110 ? "end" : "start"});
    }

    draggable(limit, svg, (x) => margin.move(valueAt(x)));
    fitted(stage, (now) => { width = now; frame(); show(); });
    return halt;
}
