from factory.builder import DeclarationSet

# for each trait that nobody asked for, factory_boy words all declarations of a factory, in a fault that it throws away
DeclarationSet.__repr__ = object.__repr__


class WhenAsked:
    """Things by name, each made when somebody first asks for it: a test pays for the people it meets, not for all."""

    def __init__(self, **makers):
        self._makers = makers

    def __getattr__(self, name):
        try:
            made = self.__dict__["_makers"][name]()
        except KeyError:
            raise AttributeError(name) from None
        setattr(self, name, made)
        return made

    def __iter__(self):
        return (getattr(self, name) for name in self._makers)
