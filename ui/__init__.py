"""What the pages are made of. Beside the pages, the only place that imports Streamlit."""
