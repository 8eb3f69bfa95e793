// Two hills of distances, of same and of different test pairs, and a limit between them that is dragged. What it rejects and
// accepts, and what a verdict is then worth, comes from Python for every place of the limit.
const HEIGHT = 206, TOP = 32, BOTTOM = 34, SIDES = 10, FEW = 1_000;  // px; pairs

export default (component) => moving(component, draw);

function draw(root, data, say) {
    const {step, far, frr, shares, hills, colours} = data, end = step * (far.length - 1);
    let width = 0, share = 0;
    const stage = add(root, "div"), svg = addSvg(stage, "svg", {height: HEIGHT, "aria-hidden": true});
    const ground = addSvg(svg, "g"), limit = addSvg(svg, "g", {class: "bead"});
    const legend = add(root, "div", {class: "row"});
    ["same pairs", "different pairs"].forEach((kind, i) => {
        const entry = add(legend, "span");
        add(entry, "span", {class: "patch", style: `background: ${colours[i]}`});
        entry.append(kind);
    });
    const range = addRange(root, "The limit, a threshold", {min: 0, max: end, step, value: data.fitted}, (d) => d.toFixed(2), show);
    const row = add(root, "div", {class: "row"});
    for (const [name, value] of data.marks) addButton(row, name, () => range.move(value));
    const words = add(root, "p", {class: "answer"}), table = add(root, "div", {class: "row"});
    add(table, "span", {}, "Of all pairs that come, the same are:");
    const {row: choices, press} = addChoice(table, "Share of same pairs", shares.map((each) => each.name), (i) => { share = i; show(); });
    table.append(choices);
    const worth = add(root, "p", {class: "answer"}), why = add(root, "p", {class: "quiet"});

    function pixel(d) { return SIDES + (width - 2 * SIDES) * d / end; }

    function frame() {
        svg.setAttribute("width", width);
        ground.replaceChildren();
        const base = HEIGHT - BOTTOM, high = base - TOP, most = Math.max(...hills.same, ...hills.different);
        ["same", "different"].forEach((kind, i) => {
            const points = hills[kind].map((each, k) => `${pixel(hills.centres[k]).toFixed(1)} ${(base - high * each / most).toFixed(1)}`);
            const d = `M${pixel(0)} ${base}L${points.join("L")}L${pixel(hills.centres.at(-1))} ${base}Z`;
            addSvg(ground, "path", {d, fill: colours[i], "fill-opacity": 0.35, stroke: colours[i], "stroke-width": 2});
        });
        addSvg(ground, "line", {class: "axis", x1: SIDES, x2: width - SIDES, y1: base, y2: base});
        const apart = [0.5, 1, 2, 5, 10, 20, 50].find((each) => end / each <= 8) ?? end;
        for (let tick = 0; tick <= end; tick += apart) {
            addSvg(ground, "line", {class: "axis", x1: pixel(tick), x2: pixel(tick), y1: base, y2: base + 5});
            addSvg(ground, "text", {x: pixel(tick), y: base + 20, "text-anchor": "middle"}, tick.toFixed(1));
        }
    }

    function few(rate) {
        const count = FEW * rate;
        return count >= 10 || count === 0 ? count.toFixed(0) : count >= 0.1 ? count.toFixed(1) : "fewer than 0.1";
    }

    function percent(p) {
        const text = (100 * p).toFixed(p > 0.001 && p < 0.999 ? 1 : 2);
        return p > 0.9999 && p < 1 ? "more than 99.99 %" : p > 0 && p < 0.0001 ? "less than 0.01 %" : `${text} %`;
    }

    function show() {
        const k = Math.round(range.value / step), d = range.value.toFixed(2), chosen = shares[share];
        words.textContent = `Of 1,000 same pairs it rejects ${few(frr[k])}; of 1,000 different ones it accepts ${few(far[k])}.`;
        worth.textContent = `A pair just at this limit: P(same) = ${percent(chosen.p[k])}.`;
        why.textContent = `Of the pairs it calls the same, ${percent(chosen.precision[k])} are.`;
        say(`Limit ${d}. ${words.textContent} Same pairs are ${chosen.name}: ${worth.textContent} ${why.textContent}`);
        if (!width) return;
        const x = pixel(range.value), right = x < width - 90;
        limit.replaceChildren();
        addSvg(limit, "rect", {x: x - 16, y: 0, width: 32, height: HEIGHT - BOTTOM, fill: "transparent"});
        addSvg(limit, "line", {x1: x, x2: x, y1: 11, y2: HEIGHT - BOTTOM, stroke: "currentColor", "stroke-width": 2.5});
        addSvg(limit, "circle", {cx: x, cy: 11, r: 8, fill: "currentColor"});
        addSvg(limit, "text", {x: x + (right ? 12 : -12), y: 16, "text-anchor": right ? "start" : "end"}, `limit ${d}`);
    }

    draggable(limit, svg, (x) => range.move(Math.min(end, Math.max(0, end * (x - SIDES) / (width - 2 * SIDES)))));
    press(0);
    fitted(stage, (now) => { width = now; frame(); show(); });
}
