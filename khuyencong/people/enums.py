from khuyencong.authority.roles import ROLES

ROLE_CHOICES = [(name, role.label) for name, role in ROLES.items()]
