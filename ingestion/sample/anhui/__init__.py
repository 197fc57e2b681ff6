"""The sample's second province: a small book in Anhui, settled by another form than Shandong's (made up)."""

from ingestion.sample.anhui.deliveries import anhui_deliveries, build_anhui

__all__ = ["anhui_deliveries", "build_anhui"]
