// Draws the needle over the scale of distances: a line with a word, which moves to each new distance. The chart below it
// stays as it is: Streamlit would build it anew for a line that moves, on the server and in the browser. Where there is no
// chart yet, Python is told as soon as the first answer is on the screen.
const SVG = "http://www.w3.org/2000/svg";
const CALM = matchMedia("(prefers-reduced-motion: reduce)");

export default function ({data, parentElement, setTriggerValue}) {
    parentElement.stopPointing?.();
    const {needle, plot} = data;
    let waits = data.waits, frame = 0;

    function point() {
        if (waits && needle) lookForAnswer();
        const place = document.querySelector(`.st-key-${data.chart}`);
        if (!place) return;
        const known = place.querySelector(":scope > .needle");
        if (!needle) return known?.remove();
        const svg = known ?? make(place, plot);
        if (svg.dataset.shown === JSON.stringify(needle)) return;
        svg.dataset.shown = JSON.stringify(needle);
        const [line, text] = svg.children, top = plot.height * (1 - needle.height), right = needle.share < 0.5;
        svg.style.left = `calc(${plot.left}px + (100% - ${plot.left + plot.right}px) * ${needle.share})`;
        set(line, {y1: top, stroke: needle.colour});
        set(text, {x: right ? 6 : -6, y: top + 4, "text-anchor": right ? "start" : "end"});
        text.textContent = needle.text;
    }

    function lookForAnswer() {
        cancelAnimationFrame(frame);
        if (!document.querySelector("[data-testid='stMetricValue']")?.offsetParent) {
            frame = requestAnimationFrame(lookForAnswer);  // it may be there and not yet shown
        } else if (waits) {
            waits = false;
            setTriggerValue("answered", true);
        }
    }

    const observer = new MutationObserver(point);
    observer.observe(document.body, {childList: true, subtree: true});
    point();

    function pause() {
        observer.disconnect();
        cancelAnimationFrame(frame);
    }

    function stop() {
        pause();
        document.querySelector(`.st-key-${data.chart} > .needle`)?.remove();
    }

    parentElement.stopPointing = pause;  // the next one takes the needle over, and moves it
    return stop;
}

function make(place, plot) {
    const svg = add(place, "svg", {class: "needle", "aria-hidden": true, width: 1, height: plot.height});
    Object.assign(svg.style, {
        position: "absolute", top: `${plot.top}px`, zIndex: 1, overflow: "visible", pointerEvents: "none",
        transition: CALM.matches ? "none" : "left 0.2s ease-out",
    });
    add(svg, "line", {x1: 0, x2: 0, y2: plot.height, "stroke-width": 2});
    add(svg, "text", {fill: "currentColor", "font-size": 12, "font-weight": 700});
    place.style.position = "relative";
    return svg;
}

function add(parent, name, attributes) {
    return parent.appendChild(set(document.createElementNS(SVG, name), attributes));
}

function set(element, attributes) {
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
}
