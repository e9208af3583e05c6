"""Draws a dialog from the paths that the check walks, as Mermaid and as SVG."""
