// Says an answer to who cannot see it: a screen reader reads it aloud, and while the answer is outside the screen, as on
// a phone below the canvases, it stands in a bar at the lower edge; a tap on the bar leads to the answer.
const HIDDEN = "position: fixed; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);";
const BAR = `position: fixed; left: 0; right: 0; bottom: 0; z-index: 999; padding: 0.7rem 1rem; text-align: center;
    cursor: pointer; font-weight: 650; box-shadow: 0 -1px 6px rgb(0 0 0 / 0.25);`;
const CALM = matchMedia("(prefers-reduced-motion: reduce)");
const WHOLE = 0.5;  // share of the answer that must be on the screen

export default function ({data, parentElement}) {
    parentElement.stopSaying?.();
    const bar = document.getElementById("answer-bar") ?? make();
    const theme = getComputedStyle(parentElement.host ?? parentElement);
    let answer = null;

    const seen = new IntersectionObserver(([entry]) => show(entry.intersectionRatio < WHOLE), {threshold: [0, WHOLE]});
    const changes = new MutationObserver(find);

    function find() {
        const found = document.querySelector(`.st-key-${data.place}`);
        if (found === answer) return;
        seen.disconnect();
        answer = found;
        if (found) seen.observe(found);
        else show(false);
    }

    function show(outside) {
        bar.style.cssText = outside && data.text ? BAR : HIDDEN;
        bar.style.background = theme.getPropertyValue("--st-secondary-background-color");
        bar.style.color = theme.getPropertyValue(`--st-${data.colour}-text-color`) || theme.color;
        bar.style.fontFamily = theme.getPropertyValue("--st-font");
    }

    bar.onclick = () => answer?.scrollIntoView({behavior: CALM.matches ? "auto" : "smooth", block: "center"});
    if (bar.textContent !== data.text) bar.textContent = data.text;
    changes.observe(document.body, {childList: true, subtree: true});
    find();

    function pause() {
        changes.disconnect();
        seen.disconnect();
    }

    parentElement.stopSaying = pause;  // the next one takes the bar over
    return () => {
        pause();
        bar.remove();
    };
}

function make() {
    const bar = document.createElement("div");
    bar.id = "answer-bar";
    bar.setAttribute("role", "status");
    return document.body.appendChild(bar);
}
