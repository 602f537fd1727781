"""Cities where made-up trials have their sites: real places with their coordinates (GeoNames)."""

from dataclasses import dataclass

_CITIES = """
Houston | Texas | 77058 | United States | 29.76328 | -95.36327
New York | New York | 10021 | United States | 40.71427 | -74.00597
Paris |  | 75908 | France | 48.85341 | 2.3488
Seoul |  | 03080 | South Korea | 37.566 | 126.9784
Boston | Massachusetts | 02118 | United States | 42.35843 | -71.05977
Beijing | Beijing Municipality | 100029 | China | 39.9075 | 116.39723
Berlin |  | 13122 | Germany | 52.52437 | 13.41053
Chicago | Illinois | 60612 | United States | 41.85003 | -87.65005
Los Angeles | California | 90025 | United States | 34.05223 | -118.24368
Baltimore | Maryland | 21205 | United States | 39.29038 | -76.61219
Shanghai | Shanghai Municipality | 200032 | China | 31.22222 | 121.45806
Philadelphia | Pennsylvania | 19104 | United States | 39.95238 | -75.16362
Madrid |  | 28046 | Spain | 40.4165 | -3.70256
London |  | SW3 6JJ | United Kingdom | 51.50853 | -0.12574
Barcelona |  | 08036 | Spain | 41.38879 | 2.15899
Milan |  | 20133 | Italy | 45.46427 | 9.18951
Rochester | New York | 14642 | United States | 43.15478 | -77.61556
St Louis | Missouri | 63104 | United States | 38.62727 | -90.19789
Dallas | Texas | 75219 | United States | 32.78306 | -96.80667
Miami | Florida | 33161 | United States | 25.77427 | -80.19366
Atlanta | Georgia | 30306 | United States | 33.749 | -84.38798
Toronto | Ontario | M5G 1X8 | Canada | 43.70643 | -79.39864
Taipei |  | 112 | Taiwan | 25.05306 | 121.52639
Budapest |  | 1032 | Hungary | 47.49835 | 19.04045
Montreal | Quebec | H3H 1P3 | Canada | 45.50884 | -73.58781
Guangzhou | Guangdong | 510000 | China | 23.11667 | 113.25
Moscow |  | 119571 | Russia | 55.75204 | 37.61781
Istanbul |  | 34390 | Turkey (Türkiye) | 41.01384 | 28.94966
São Paulo | São Paulo | 05403-000 | Brazil | -23.5475 | -46.63611
Prague |  | 128 08 | Czechia | 50.08804 | 14.42076
Hamburg |  | 20246 | Germany | 53.55073 | 9.99302
Essen |  | 45257 | Germany | 51.45657 | 7.01228
Warsaw |  | 02-005 | Poland | 52.22977 | 21.01178
Vienna |  | 1090 | Austria | 48.20849 | 16.37208
Rome |  | 00161 | Italy | 41.89193 | 12.51133
Montpellier |  | 34298 | France | 43.61093 | 3.87635
Marseille |  | 13385 | France | 43.29695 | 5.38107
Saint Petersburg |  | 194291 | Russia | 59.93863 | 30.31413
Leuven |  | B-3000 | Belgium | 50.87959 | 4.70093
Hangzhou | Zhejiang | 310022 | China | 30.29365 | 120.16142
Ankara |  | 06010 | Turkey (Türkiye) | 39.91987 | 32.85427
Amsterdam |  | 1066 CX | Netherlands | 52.37403 | 4.88969
Lille |  | 59020 | France | 50.63391 | 3.05512
Brussels |  | 1090 | Belgium | 50.85045 | 4.34878
Athens |  | 106 72 | Greece | 37.98376 | 23.72784
Buenos Aires |  | C1419AHN | Argentina | -34.61315 | -58.37723
Leipzig |  | 04103 | Germany | 51.33962 | 12.37129
Taichung |  | 402 | Taiwan | 24.1469 | 120.6839
Mexico City |  | 06700 | Mexico | 19.42847 | -99.12766
Cairo |  |  | Egypt | 30.06263 | 31.24967
Krakow |  | 31-826 | Poland | 50.06143 | 19.93658
Cologne |  | 50924 | Germany | 50.93333 | 6.95
Sofia |  | 1233 | Bulgaria | 42.69751 | 23.32415
Copenhagen |  | 2400 | Denmark | 55.67594 | 12.56553
Singapore |  |  | Singapore | 1.28967 | 103.85007
Seville |  | 41009 | Spain | 37.38283 | -5.97317
London | Ontario | N6A 4G5 | Canada | 42.98339 | -81.23304
Glasgow |  | G51 4TF | United Kingdom | 55.86515 | -4.25763
Thessaloniki |  | 546 36 | Greece | 40.64072 | 22.93493
München |  | 80337 | Germany | 48.13743 | 11.57549
Manchester |  | M13 9WL | United Kingdom | 53.48095 | -2.23743
Jerusalem |  | 9103102 | Israel | 31.76904 | 35.21633
Izmir |  | 35100 | Turkey (Türkiye) | 38.41273 | 27.13838
Málaga |  | 29009 | Spain | 36.72016 | -4.42034
Besançon |  | 25030 | France | 47.24878 | 6.01815
Québec | Quebec | G1V 4G2 | Canada | 46.81228 | -71.21454
Düsseldorf |  | 40225 | Germany | 51.22172 | 6.77616
Göttingen |  | 37075 | Germany | 51.53443 | 9.93228
Timișoara |  | 300239 | Romania | 45.75372 | 21.22571
Tübingen |  | 72076 | Germany | 48.52266 | 9.05222
A Coruña |  | 15006 | Spain | 43.37135 | -8.396
Bogotá |  |  | Colombia | 4.60971 | -74.08175
"""


@dataclass(frozen=True, slots=True)
class City:
    """A city as a location of a record names it; a state or zip that is empty is left out there."""

    city: str
    state: str
    zip_code: str
    country: str
    latitude: float
    longitude: float


def _city(line: str) -> City:
    city, state, zip_code, country, latitude, longitude = (part.strip() for part in line.split("|"))
    return City(city, state, zip_code, country, float(latitude), float(longitude))


CITIES = tuple(_city(line) for line in _CITIES.strip().splitlines())
