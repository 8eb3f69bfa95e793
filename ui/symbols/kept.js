// Keeps what a visitor has taught and drawn in this tab, so that a reload of the page finds it again. With an item and its
// content it writes it, an empty content takes the item away; where items are wanted, it tells Python those that it finds.
const place = (item) => `siamese-lab-${item}`;

export default function ({data, setTriggerValue}) {
    try {
        if (data.content === "") sessionStorage.removeItem(place(data.item));
        else if (data.content !== null) sessionStorage.setItem(place(data.item), data.content);
        const all = data.wanted.map((item) => [item, sessionStorage.getItem(place(item))]);
        const found = all.filter(([, content]) => content !== null);
        if (found.length) setTriggerValue("found", Object.fromEntries(found));
    } catch (error) {
        console.warn("This browser keeps nothing for this page:", error.message);  // full, or its settings forbid it
    }
}
