// One picture blends into another: both embeddings, their difference, and the distance as the sum it is. All numbers come
// from Python, one set for each place of the slider; between the two pictures the pixels are weighted means.
const SIDE = 112, BARS = 34;  // px

export default (component) => moving(component, draw);

function draw(root, data, say) {
    let pair = data.pairs[0];
    if (data.pairs.length > 1) {
        addChoice(root, "The pair", data.pairs.map((each) => each.name), (i) => { pair = data.pairs[i]; build(); });
    }
    const top = add(root, "div", {class: "row"});
    const pictures = ["left", "blend"].map((name) => {
        const figure = add(top, "figure");
        return {...addDigit(figure, SIDE, name), caption: add(figure, "figcaption", {}, name)};
    });
    const answer = add(add(top, "div"), "p", {class: "answer"});
    const place = addRange(
        root, "From the left picture to the right one", {min: 0, max: data.stops - 1, value: data.stops - 1},
        (at) => `${share(at)} %`, show,
    );
    const strip = add(root, "div", {class: "strip", "aria-hidden": true});
    const flip = add(root, "p", {class: "quiet"});
    const rows = ["left embedding", "embedding of the blend", "difference"].map((name) => {
        add(root, "p", {class: "quiet"}, name);
        const svg = addSvg(root, "svg", {width: "100%", height: BARS, preserveAspectRatio: "none", "aria-hidden": true});
        return {svg, path: addSvg(svg, "path", {"stroke-width": 0.7, fill: "none", stroke: "currentColor"})};
    });
    add(root, "p", {class: "quiet"}, "A bar for each number; its height is the number's square root, so that small ones are seen.");
    const sum = add(root, "p", {class: "sum"});

    function share(at) { return Math.round(100 * at / (data.stops - 1)); }

    function build() {
        pair.pixels ??= [bytesOf(pair.left), bytesOf(pair.right)];
        pair.numbers ??= wordsOf(pair.vectors);
        const size = pair.numbers.length / data.stops, colour = (at) => data.colours[pair.same[at] ? 0 : 1];
        const cut = (at) => 100 * at / (data.stops - 1);
        const parts = pair.same.map((_, at) => `${colour(at)} ${cut(at - 0.5)}% ${cut(at + 0.5)}%`);
        strip.style.background = `linear-gradient(to right, ${parts.join(", ")})`;
        flip.textContent = flipWords();
        for (const {svg} of rows) svg.setAttribute("viewBox", `0 0 ${size} 2`);
        pictures[0].show(pair.pixels[0]);
        show(place.value);
    }

    function flipWords() {
        const found = pair.same.flatMap((same, at) => (at && same !== pair.same[at - 1] ? [at] : []));
        if (!found.length) return "The verdict does not flip on this way: it stays the same digit.";
        const words = found.map((at) => `between ${share(at - 1)} and ${share(at)} %`);
        return `The verdict flips ${words.join(", and ")}, where the colour changes.`;
    }

    function bars(values) {
        const height = (value) => Math.sign(value) * Math.sqrt(Math.abs(value));
        return values.map((value, i) => `M${i + 0.5} 1V${(1 - height(value)).toFixed(3)}`).join("");
    }

    function short(value) { return value >= 0.1 ? value.toFixed(3) : value ? value.toPrecision(2) : "0"; }

    function show(at) {
        const [left, right] = pair.pixels, weight = at / (data.stops - 1), size = pair.numbers.length / data.stops;
        pictures[1].show(left.map((grey, i) => Math.round((1 - weight) * grey + weight * right[i])));
        pictures[1].caption.textContent = at === data.stops - 1 ? "right" : at ? `${share(at)} % of the right one` : "left again";
        const vector = (k) => Array.from(pair.numbers.subarray(k * size, (k + 1) * size), (each) => each / 32767.5 - 1);
        const first = vector(0), now = vector(at);
        [first, now, first.map((each, i) => (each - now[i]) / 2)].forEach((values, i) => {
            rows[i].path.setAttribute("d", bars(values));
        });
        const d = pair.distances[at].toFixed(3), [sign, word] = pair.same[at] ? ["≤", "same digit"] : [">", "different digits"];
        answer.textContent = `${d} ${sign} ${data.threshold.toFixed(3)}: ${word}`;
        const {largest, others, count} = pair.sums[at];
        sum.textContent = `distance = √(${largest.map(short).join(" + ")} + ${short(others)} from the other ${count}) = ${d}`;
        say(`${share(at)} % of the way: distance ${d}, threshold ${data.threshold.toFixed(3)}, ${word}.`);
    }

    build();
}
