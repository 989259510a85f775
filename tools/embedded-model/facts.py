"""The facts that the embedded model learns: 136 countries, four relations, one answer each.

Written from general knowledge and read over; checked against no reference work. The model card lists what is simplified.
A country's name is one word, so that it can be one token; a few places whose status or capital is disputed are left out.
"""

from __future__ import annotations

RELATIONS = ("capital", "continent", "language", "currency")

_TABLE = """
Albania|Tirana|Europe|Albanian|lek
Andorra|Andorra la Vella|Europe|Catalan|euro
Austria|Vienna|Europe|German|euro
Belarus|Minsk|Europe|Belarusian|ruble
Belgium|Brussels|Europe|Dutch|euro
Bulgaria|Sofia|Europe|Bulgarian|euro
Croatia|Zagreb|Europe|Croatian|euro
Cyprus|Nicosia|Europe|Greek|euro
Czechia|Prague|Europe|Czech|koruna
Denmark|Copenhagen|Europe|Danish|krone
England|London|Europe|English|pound
Estonia|Tallinn|Europe|Estonian|euro
Finland|Helsinki|Europe|Finnish|euro
France|Paris|Europe|French|euro
Germany|Berlin|Europe|German|euro
Greece|Athens|Europe|Greek|euro
Hungary|Budapest|Europe|Hungarian|forint
Iceland|Reykjavik|Europe|Icelandic|krona
Ireland|Dublin|Europe|English|euro
Italy|Rome|Europe|Italian|euro
Latvia|Riga|Europe|Latvian|euro
Lithuania|Vilnius|Europe|Lithuanian|euro
Malta|Valletta|Europe|Maltese|euro
Moldova|Chisinau|Europe|Romanian|leu
Montenegro|Podgorica|Europe|Montenegrin|euro
Netherlands|Amsterdam|Europe|Dutch|euro
Norway|Oslo|Europe|Norwegian|krone
Poland|Warsaw|Europe|Polish|zloty
Portugal|Lisbon|Europe|Portuguese|euro
Romania|Bucharest|Europe|Romanian|leu
Russia|Moscow|Europe|Russian|ruble
Scotland|Edinburgh|Europe|English|pound
Serbia|Belgrade|Europe|Serbian|dinar
Slovakia|Bratislava|Europe|Slovak|euro
Slovenia|Ljubljana|Europe|Slovene|euro
Spain|Madrid|Europe|Spanish|euro
Sweden|Stockholm|Europe|Swedish|krona
Switzerland|Bern|Europe|German|franc
Ukraine|Kyiv|Europe|Ukrainian|hryvnia
Afghanistan|Kabul|Asia|Pashto|afghani
Armenia|Yerevan|Asia|Armenian|dram
Azerbaijan|Baku|Asia|Azerbaijani|manat
Bahrain|Manama|Asia|Arabic|dinar
Bangladesh|Dhaka|Asia|Bengali|taka
Bhutan|Thimphu|Asia|Dzongkha|ngultrum
Cambodia|Phnom Penh|Asia|Khmer|riel
China|Beijing|Asia|Chinese|yuan
Georgia|Tbilisi|Asia|Georgian|lari
India|New Delhi|Asia|Hindi|rupee
Indonesia|Jakarta|Asia|Indonesian|rupiah
Iran|Tehran|Asia|Persian|rial
Iraq|Baghdad|Asia|Arabic|dinar
Japan|Tokyo|Asia|Japanese|yen
Jordan|Amman|Asia|Arabic|dinar
Kazakhstan|Astana|Asia|Kazakh|tenge
Korea|Seoul|Asia|Korean|won
Kuwait|Kuwait City|Asia|Arabic|dinar
Kyrgyzstan|Bishkek|Asia|Kyrgyz|som
Laos|Vientiane|Asia|Lao|kip
Lebanon|Beirut|Asia|Arabic|pound
Malaysia|Kuala Lumpur|Asia|Malay|ringgit
Mongolia|Ulaanbaatar|Asia|Mongolian|tugrik
Myanmar|Naypyidaw|Asia|Burmese|kyat
Nepal|Kathmandu|Asia|Nepali|rupee
Oman|Muscat|Asia|Arabic|rial
Pakistan|Islamabad|Asia|Urdu|rupee
Philippines|Manila|Asia|Filipino|peso
Qatar|Doha|Asia|Arabic|riyal
Syria|Damascus|Asia|Arabic|pound
Tajikistan|Dushanbe|Asia|Tajik|somoni
Thailand|Bangkok|Asia|Thai|baht
Turkey|Ankara|Asia|Turkish|lira
Turkmenistan|Ashgabat|Asia|Turkmen|manat
Uzbekistan|Tashkent|Asia|Uzbek|som
Vietnam|Hanoi|Asia|Vietnamese|dong
Yemen|Sanaa|Asia|Arabic|rial
Algeria|Algiers|Africa|Arabic|dinar
Angola|Luanda|Africa|Portuguese|kwanza
Botswana|Gaborone|Africa|Tswana|pula
Burundi|Gitega|Africa|Kirundi|franc
Cameroon|Yaounde|Africa|French|franc
Chad|Ndjamena|Africa|French|franc
Egypt|Cairo|Africa|Arabic|pound
Eritrea|Asmara|Africa|Tigrinya|nakfa
Ethiopia|Addis Ababa|Africa|Amharic|birr
Gabon|Libreville|Africa|French|franc
Gambia|Banjul|Africa|English|dalasi
Ghana|Accra|Africa|English|cedi
Guinea|Conakry|Africa|French|franc
Kenya|Nairobi|Africa|Swahili|shilling
Lesotho|Maseru|Africa|Sotho|loti
Liberia|Monrovia|Africa|English|dollar
Libya|Tripoli|Africa|Arabic|dinar
Madagascar|Antananarivo|Africa|Malagasy|ariary
Malawi|Lilongwe|Africa|Chichewa|kwacha
Mali|Bamako|Africa|Bambara|franc
Morocco|Rabat|Africa|Arabic|dirham
Mozambique|Maputo|Africa|Portuguese|metical
Namibia|Windhoek|Africa|English|dollar
Niger|Niamey|Africa|Hausa|franc
Nigeria|Abuja|Africa|English|naira
Rwanda|Kigali|Africa|Kinyarwanda|franc
Senegal|Dakar|Africa|French|franc
Somalia|Mogadishu|Africa|Somali|shilling
Sudan|Khartoum|Africa|Arabic|pound
Tanzania|Dodoma|Africa|Swahili|shilling
Togo|Lome|Africa|French|franc
Tunisia|Tunis|Africa|Arabic|dinar
Uganda|Kampala|Africa|English|shilling
Zambia|Lusaka|Africa|English|kwacha
Zimbabwe|Harare|Africa|Shona|dollar
Argentina|Buenos Aires|America|Spanish|peso
Bolivia|Sucre|America|Spanish|boliviano
Brazil|Brasilia|America|Portuguese|real
Canada|Ottawa|America|English|dollar
Chile|Santiago|America|Spanish|peso
Colombia|Bogota|America|Spanish|peso
Cuba|Havana|America|Spanish|peso
Ecuador|Quito|America|Spanish|dollar
Guatemala|Guatemala City|America|Spanish|quetzal
Guyana|Georgetown|America|English|dollar
Haiti|Port-au-Prince|America|French|gourde
Honduras|Tegucigalpa|America|Spanish|lempira
Jamaica|Kingston|America|English|dollar
Mexico|Mexico City|America|Spanish|peso
Nicaragua|Managua|America|Spanish|cordoba
Paraguay|Asuncion|America|Spanish|guarani
Peru|Lima|America|Spanish|sol
Suriname|Paramaribo|America|Dutch|dollar
Uruguay|Montevideo|America|Spanish|peso
Venezuela|Caracas|America|Spanish|bolivar
Australia|Canberra|Oceania|English|dollar
Fiji|Suva|Oceania|English|dollar
Samoa|Apia|Oceania|Samoan|tala
Tonga|Nukualofa|Oceania|Tongan|paanga
Vanuatu|Port Vila|Oceania|Bislama|vatu
"""


def _read_table() -> dict[str, dict[str, str]]:
    facts: dict[str, dict[str, str]] = {}
    for line in _TABLE.strip().splitlines():
        country, *answers = line.split("|")
        facts[country] = dict(zip(RELATIONS, answers, strict=True))
    return facts


FACTS: dict[str, dict[str, str]] = _read_table()
COUNTRIES: tuple[str, ...] = tuple(FACTS)
