// Keeps what a visitor has made in this tab, so that a reload of the page finds it again. `items` are kept by their names, an
// empty one is taken away; of those `wanted` it tells Python the ones that it finds.
const place = (name) => `siamese-lab-${name}`;

export default function ({data, setTriggerValue}) {
    try {
        for (const [name, content] of Object.entries(data.items)) {
            if (content) sessionStorage.setItem(place(name), content);
            else sessionStorage.removeItem(place(name));
        }
        const all = data.wanted.map((name) => [name, sessionStorage.getItem(place(name))]);
        const found = all.filter(([, content]) => content !== null);
        if (found.length) setTriggerValue("found", Object.fromEntries(found));
    } catch (error) {
        console.warn("This browser keeps nothing for this page:", error.message);  // full, or its settings forbid it
    }
}
