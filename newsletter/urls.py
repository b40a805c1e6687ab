urlpatterns: list = []
app_name = "newsletter"
