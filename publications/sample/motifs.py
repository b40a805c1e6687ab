"""What the pictures show, in words for readers who cannot see them."""

ALTS = {
    "en": {
        "ribs": "Abstract plate in two colors: arcs around one center, like the ribs of a hull",
        "waves": "Abstract plate in two colors: overlapping layers, like hills or water",
        "grid": "Abstract plate in two colors: small squares, some lit, thinning out to the right",
        "discs": "Abstract plate in two colors: a chain of discs and rings along a shallow arc",
        "bars": "Abstract plate in two colors: upright bars, ever shorter and farther apart",
    },
    "ko": {
        "ribs": "두 가지 색의 추상 도판. 선체의 늑골처럼 한 점을 두른 호들",
        "waves": "두 가지 색의 추상 도판. 언덕이나 물결처럼 겹친 층들",
        "grid": "두 가지 색의 추상 도판. 오른쪽으로 갈수록 성겨지는 작은 네모들",
        "discs": "두 가지 색의 추상 도판. 완만한 호를 따라 이어진 원과 고리",
        "bars": "두 가지 색의 추상 도판. 점점 짧아지고 멀어지는 막대들",
    },
}
MOTIFS = tuple(ALTS["en"])
CREDIT = "Drawn by the sample library"
