"""The seven made-up customers in Anhui. Data only; no name is meant to be a real company."""

from __future__ import annotations

from ingestion.sample.config import PRIOR_ON
from ingestion.sample.roster import FIXED, LI, LOW, QIAN, SUN, ZHAO, Customer

PROVINCE = "anhui"
AREA = "34"

CUSTOMERS = (
    Customer(41, "皖濉铝型材有限公司", "Wansui Aluminium Profiles", "metal_products", ZHAO, LOW, 9.6,
             (("G3-H", 60), ("BL-H", 40)), FIXED, 12, 1.0, from_on=PRIOR_ON, area=AREA),
    Customer(42, "淝河食品有限公司", "Feihe Foods", "food_processing", SUN, LOW, 7.2,
             (("G3-M", 70), ("G5-A", 30)), FIXED, 14, -1.5, from_on=PRIOR_ON, area=AREA),
    Customer(43, "巢云数据服务有限公司", "Chaoyun Data Services", "data_centre", LI, LOW, 5.4,
             (("G3-A", 60), ("G3-H", 40)), FIXED, 11, 0.5, from_on=PRIOR_ON, area=AREA),
    Customer(44, "枞阳织造有限公司", "Zongyang Weaving", "textiles", QIAN, LOW, 4.0,
             (("G3-H", 70), ("G0-M", 30)), FIXED, 13, 2.0, area=AREA),
    Customer(45, "滁谷机械有限公司", "Chugu Machinery", "machinery", ZHAO, LOW, 2.8,
             (("WB-H", 60), ("G0-A", 40)), FIXED, 16, -3.0, area=AREA),
    Customer(46, "徽巷商业管理有限公司", "Huixiang Shopping", "retail_trade", LI, LOW, 1.9,
             (("H0-H", 70), ("G4-A", 30)), FIXED, 15, 1.5, area=AREA),
    Customer(47, "皖南茶业专业合作社", "Wannan Tea Cooperative", "agriculture", SUN, LOW, 1.2,
             (("L1-A", 60), ("G1-A", 40)), FIXED, 10, 0.0, area=AREA),
)  # fmt: skip
"""Three from November 2025 on, all from 2026 on; the account managers are those of Shandong."""
