// Replaces parameters of the page's address, without a new entry in the browser's history.
export default function ({data}) {
    const address = new URL(location.href);
    for (const [name, value] of Object.entries(data.parameters)) {
        if (value === null) address.searchParams.delete(name);
        else address.searchParams.set(name, value);
    }
    if (address.search !== location.search) history.replaceState(history.state, "", address);
}
