"""The forty made-up customers: names, trades, sizes, load mixes and prices' temper. Data only.

No name is meant to be a real company. Each mix names real SimBench shapes (weights are shares of its energy):
BL = band load, WB = weekday band, G0 general, G1 weekday 8–18, G2 evening, G3 continuous, G4 shop, G5 bakery,
G6 weekend, L farms, H0-H (an 8–22 h plateau, used for shopping centres). One letter after the dash is
SimBench's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ingestion.sample.config import FIRST_ON

LOW = "1-10(20)kV"
MID = "35kV"
HIGH = "110kV"


@dataclass(frozen=True)
class Customer:
    """One customer and the temper of its contract.

    `annual_gwh` is a full year's use before any own solar; `premium` (yuan/MWh) is what its price carries
    above the expected purchase cost of its own curve; `plan_bias_pct` is by how much it plans too much (+)
    or too little (−); `area` is the number of its province, with which account numbers begin.
    """

    number: int
    name: str
    name_en: str
    industry: str
    manager: str
    voltage: str
    annual_gwh: float
    mix: tuple[tuple[str, int], ...]
    package: str
    premium: int
    plan_bias_pct: float = 0.0
    solar_kwp: int = 0
    from_on: date = FIRST_ON
    area: str = "37"

    @property
    def customer_id(self) -> str:
        """C001 …."""
        return f"C{self.number:03d}"


ZHAO, QIAN, SUN, LI = "manager_zhao", "manager_qian", "manager_sun", "manager_li"
FIXED, TOU = "fixed", "tou_fixed"

JOINS_LATE = 40
"""Signs in March and starts on 2026-04-01."""
RENEWS = 16
"""Its contract ends on 2026-10-31; a renewal runs from 2026-11-01."""
SECOND_SITE = 12
"""Opens a second site in November whose contract is not yet in."""

PACKAGES_BESIDE = {
    17: "sample_linked", 35: "sample_linked", 26: "sample_mixed", 29: "sample_mixed", 24: "sample_share",
    31: "sample_share",
}  # fmt: skip
"""Customers whose package is more than one price; their contracts agree on no price of their own."""

CUSTOMERS = (
    Customer(1, "鲁岳精细化工有限公司", "Luyue Fine Chemicals", "chemicals", ZHAO, HIGH, 58.0,
             (("G3-H", 70), ("BL-H", 30)), FIXED, 8, 1.5),
    Customer(2, "泉川特种铸造有限公司", "Quanchuan Special Castings", "metal_casting", ZHAO, HIGH, 42.0,
             (("BL-H", 55), ("WB-H", 45)), TOU, 9, -3.0),
    Customer(3, "恒沣橡胶科技有限公司", "Hengfeng Rubber Technology", "rubber_plastics", QIAN, HIGH, 36.5,
             (("G3-H", 60), ("G3-M", 40)), FIXED, 11, 0.5),
    Customer(4, "蓝汀湾纺织有限公司", "Lantingwan Textiles", "textiles", QIAN, MID, 33.0,
             (("G3-H", 80), ("BL-H", 20)), TOU, 7, 2.5),
    Customer(5, "禾顺达纸业有限公司", "Heshunda Paper", "paper", SUN, MID, 30.0,
             (("BL-H", 50), ("G3-H", 50)), FIXED, 6, -1.0),
    Customer(6, "新程重工机械有限公司", "Xincheng Heavy Machinery", "machinery", ZHAO, MID, 24.0,
             (("WB-H", 50), ("G0-M", 50)), TOU, 13, 4.0),
    Customer(7, "海澜云数据中心有限公司", "Hailanyun Data Centre", "data_centre", LI, MID, 22.0,
             (("G3-H", 55), ("G3-A", 45)), FIXED, 10, -2.0),
    Customer(8, "北屿冷链物流有限公司", "Beiyu Cold Chain", "cold_storage", SUN, MID, 18.5,
             (("G3-M", 60), ("G3-A", 40)), TOU, 12, 1.0),
    Customer(9, "瓷韵陶瓷有限公司", "Ciyun Ceramics", "ceramics", QIAN, MID, 17.0,
             (("BL-H", 70), ("G3-H", 30)), FIXED, -6, 0.0),
    Customer(10, "盛达路桥建材有限公司", "Shengda Building Materials", "building_materials", ZHAO, MID, 15.5,
             (("WB-H", 60), ("G0-M", 40)), FIXED, 14, 6.0),
    Customer(11, "清源海水淡化有限公司", "Qingyuan Desalination", "water_supply", LI, LOW, 13.6,
             (("G3-H", 75), ("L2-M", 25)), TOU, 9, -0.5),
    Customer(12, "金穗禾食品有限公司", "Jinsuihe Foods", "food_processing", SUN, LOW, 12.5,
             (("G3-M", 65), ("G5-A", 35)), FIXED, 15, 1.5),
    Customer(13, "辉宇精密轴承有限公司", "Huiyu Precision Bearings", "machinery", ZHAO, LOW, 11.0,
             (("G0-M", 60), ("WB-H", 40)), TOU, 16, 2.0),
    Customer(14, "岱康生物制药有限公司", "Daikang Biopharma", "pharmaceuticals", QIAN, LOW, 10.2,
             (("G3-A", 60), ("G0-M", 40)), FIXED, 18, -1.5),
    Customer(15, "牡苑印务包装有限公司", "Muyuan Print and Packaging", "packaging", QIAN, LOW, 9.0,
             (("G0-M", 70), ("G3-M", 30)), TOU, 12, 3.0),
    Customer(16, "锦程塑业有限公司", "Jincheng Plastics", "rubber_plastics", SUN, LOW, 8.4,
             (("G3-M", 50), ("WB-H", 50)), FIXED, -9, -4.0),
    Customer(17, "港汇仓储物流有限公司", "Ganghui Warehousing", "logistics", LI, LOW, 7.6,
             (("G4-M", 50), ("G3-A", 50)), FIXED, 20, 2.0, solar_kwp=3200),
    Customer(18, "润泽乳业有限公司", "Runze Dairy", "food_processing", SUN, LOW, 7.0,
             (("G3-M", 55), ("L1-A", 45)), TOU, 14, 0.5),
    Customer(19, "历城东广场商业管理有限公司", "Lichengdong Shopping Centre", "retail_trade", LI, LOW, 6.4,
             (("H0-H", 75), ("G4-A", 25)), TOU, 17, -1.0),
    Customer(20, "云帆电子科技有限公司", "Yunfan Electronics", "electronics", QIAN, LOW, 6.0,
             (("G3-A", 70), ("G0-A", 30)), FIXED, 13, 1.0),
    Customer(21, "齐韵玻璃制品有限公司", "Qiyun Glassware", "glass", ZHAO, LOW, 5.6,
             (("BL-H", 60), ("G3-M", 40)), FIXED, -12, -2.5),
    Customer(22, "麦香园烘焙有限公司", "Maixiangyuan Bakery", "food_processing", SUN, LOW, 4.8,
             (("G5-A", 80), ("G3-A", 20)), TOU, 15, 2.0),
    Customer(23, "宏图汽车零部件有限公司", "Hongtu Auto Parts", "machinery", ZHAO, LOW, 4.5,
             (("WB-H", 45), ("G0-A", 55)), FIXED, 12, 3.5),
    Customer(24, "鲁医康综合医院", "Luyikang General Hospital", "health", LI, LOW, 4.2,
             (("G3-A", 65), ("H0-H", 35)), FIXED, 19, 0.0),
    Customer(25, "海悦度假酒店有限公司", "Haiyue Resort Hotel", "hotels", LI, LOW, 3.9,
             (("G6-A", 60), ("G2-A", 40)), TOU, 18, -3.0),
    Customer(26, "丰禾农牧有限公司", "Fenghe Livestock", "agriculture", SUN, LOW, 3.6,
             (("L1-A", 60), ("L2-A", 40)), FIXED, 10, 1.0),
    Customer(27, "启明职业技术学院", "Qiming Vocational College", "education", QIAN, LOW, 3.3,
             (("G1-B", 55), ("G0-A", 45)), FIXED, 21, 5.0),
    Customer(28, "佳邻连锁超市有限公司", "Jialin Supermarkets", "retail_trade", LI, LOW, 3.1,
             (("G4-H", 60), ("G4-B", 40)), TOU, 14, 1.5),
    Customer(29, "天工木业有限公司", "Tiangong Timber", "wood_furniture", ZHAO, LOW, 2.9,
             (("G0-M", 100),), FIXED, 11, 0.0),
    Customer(30, "凌波造船配套有限公司", "Lingbo Marine Outfitting", "machinery", SUN, LOW, 2.6,
             (("WB-H", 70), ("G0-A", 30)), TOU, 9, -5.0),
    Customer(31, "碧波水产养殖有限公司", "Bibo Aquaculture", "agriculture", SUN, LOW, 2.4,
             (("L2-M", 70), ("L0-A", 30)), FIXED, 13, 2.0),
    Customer(32, "创翼软件园物业有限公司", "Chuangyi Software Park", "property_services", LI, LOW, 2.2,
             (("G0-A", 60), ("G1-A", 40)), TOU, 20, 4.0),
    Customer(33, "鼎盛餐饮管理有限公司", "Dingsheng Catering", "catering", QIAN, LOW, 2.0,
             (("G2-A", 75), ("G5-A", 25)), FIXED, 16, 0.5),
    Customer(34, "康泰体育中心", "Kangtai Sports Centre", "sports_leisure", QIAN, LOW, 1.8,
             (("G2-A", 50), ("G6-A", 50)), TOU, 17, -2.0),
    Customer(35, "绿源果蔬保鲜有限公司", "Lvyuan Produce Storage", "cold_storage", SUN, LOW, 1.6,
             (("G4-M", 60), ("L0-A", 40)), FIXED, 8, 1.0),
    Customer(36, "正大五金工具厂", "Zhengda Hardware Works", "metal_products", ZHAO, LOW, 1.4,
             (("G1-C", 55), ("G0-M", 45)), FIXED, 15, 3.0),
    Customer(37, "安居写字楼物业有限公司", "Anju Office Property", "property_services", LI, LOW, 1.2,
             (("G1-A", 60), ("G0-A", 40)), TOU, 18, 2.5),
    Customer(38, "晨光奶牛养殖专业合作社", "Chenguang Dairy Cooperative", "agriculture", SUN, LOW, 1.0,
             (("L1-A", 100),), FIXED, 12, -1.0),
    Customer(39, "书香里图书文创有限公司", "Shuxiangli Books", "retail_trade", LI, LOW, 0.8,
             (("G4-A", 100),), TOU, 14, 0.0),
    Customer(40, "博远新材料有限公司", "Boyuan New Materials", "chemicals", QIAN, LOW, 12.0,
             (("G3-H", 50), ("G3-M", 50)), TOU, 10, -2.0, from_on=date(2026, 4, 1)),
)  # fmt: skip
"""Forty customers: 16 on the fixed package, 18 on the time-of-use package, 6 on others."""
