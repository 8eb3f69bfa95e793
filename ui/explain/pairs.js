// Thirty digits in a circle find their partners: a line for each pair, in one colour if both are of one class, in another if
// not. Which pairs there are comes from Python, for every value of min_equals.
const SIDE = 26, RADIUS = 158, REACH = 188, SHORT = 0.12;  // px; s for a line while all are drawn

export default (component) => moving(component, draw);

function draw(root, data, say) {
    const {labels, names, ways, colours} = data, images = labels.length;
    let way = 0, shown = 0, stop = () => {};
    addChoice(root, "Which pairs", ways.map((each) => each.name), (i) => { way = i; begin(); });
    const equals = addRange(
        root, "min_equals", {min: 0, max: images, value: data.min_equals}, (k) => `${k} of ${images}`, begin,
    );
    const row = add(root, "div", {class: "row"});
    const step = addButton(row, "Next pair", () => { stop(); advance(); });
    const all = addButton(row, "All pairs", run);
    const again = addButton(row, "Start again", () => begin());
    const counts = add(root, "p", {class: "answer"}), last = add(root, "p");
    const svg = addSvg(root, "svg", {viewBox: `${-REACH} ${-REACH} ${2 * REACH} ${2 * REACH}`, "aria-hidden": true});
    svg.style.cssText = "width: min(100%, 440px); margin: 0 auto;";
    const arc = addSvg(svg, "path", {fill: "none", stroke: "currentColor", "stroke-width": 3, "stroke-opacity": 0.6});
    const lines = addSvg(svg, "g", {fill: "none", "stroke-width": 1.6});
    labels.forEach((_, i) => {
        const [x, y] = at(i);
        const box = addSvg(svg, "svg", {
            x: x - SIDE / 2, y: y - SIDE / 2, width: SIDE, height: SIDE, viewBox: `${28 * i} 0 28 28`, overflow: "hidden",
        });
        box.style.overflow = "hidden";
        addSvg(box, "image", {href: data.sheet, width: 28 * images, height: 28});
    });

    function at(i, radius = RADIUS) {
        const angle = 2 * Math.PI * i / images - Math.PI / 2;
        return [radius * Math.cos(angle), radius * Math.sin(angle)];
    }

    function pairs() {
        const {left, right, same} = ways[way];
        return ways[way].uses_min_equals ? {left, right: right[equals.value], same: same[equals.value]} : {left, right, same};
    }

    function begin() {
        stop();
        shown = 0;
        lines.replaceChildren();
        const used = ways[way].uses_min_equals, k = equals.value;
        equals.input.disabled = !used;
        const [x, y] = at(-0.45, RADIUS + 21), [x2, y2] = at(k - 0.55, RADIUS + 21);
        const whole = k === images ? `A${RADIUS + 21} ${RADIUS + 21} 0 1 1 ${x - 1} ${y}` : `A${RADIUS + 21} ${RADIUS + 21} 0 ${2 * k > images ? 1 : 0} 1 ${x2} ${y2}`;
        arc.setAttribute("d", used && k ? `M${x} ${y}${whole}` : "");
        last.textContent = used
            ? `The ${k} pictures along the arc are sure of a partner of their own class; the others take any picture.`
            : ways[way].words;
        tell();
    }

    function advance() {
        const {left, right, same} = pairs();
        if (shown >= same.length) return false;
        const [i, j, kind] = [left[shown], right[shown], same[shown]];
        addLine(i, j, kind);
        shown += 1;
        const partner = i === j ? "itself" : `a ${names[labels[j]]}`;
        last.textContent = `Pair ${shown}: a ${names[labels[i]]} and ${partner}: ${kind ? "same" : "different"}.`;
        tell();
        return true;
    }

    function addLine(i, j, kind) {
        const [x, y] = at(i, RADIUS - SIDE / 2 - 3), [x2, y2] = at(j, RADIUS - SIDE / 2 - 3);
        const [cx, cy] = at(i, RADIUS - SIDE / 2 - 12);
        const shape = i === j ? ["circle", {cx, cy, r: 8}] : ["path", {d: `M${x} ${y}Q${(x + x2) / 6} ${(y + y2) / 6} ${x2} ${y2}`}];
        const many = pairs().same.length > 3 * images;
        addSvg(lines, shape[0], {...shape[1], stroke: colours[kind ? 0 : 1], "stroke-opacity": many && !kind ? 0.35 : 0.9});
    }

    function run() {
        if (shown >= pairs().same.length) begin();
        stop();
        if (CALM.matches) {
            while (advance());
            return;
        }
        const pace = Math.max(1, pairs().same.length / images);  // as long for many pairs as for few
        let due = 0;
        stop = animate(root, (passed) => {
            for (due += passed * pace; due > SHORT; due -= SHORT) if (!advance()) return false;
            return true;
        });
    }

    function tell() {
        const {same} = pairs(), equal = same.slice(0, shown).reduce((sum, each) => sum + each, 0);
        const part = shown ? ` (${(100 * equal / shown).toFixed(1)} %)` : "";
        counts.textContent = `${shown} of ${same.length} pairs, ${equal} of them same${part}`;
        step.disabled = all.disabled = false;
        step.disabled = shown >= same.length;
        again.disabled = !shown;
        say(`${counts.textContent}. ${last.textContent}`);
    }

    begin();
    return () => stop();
}
