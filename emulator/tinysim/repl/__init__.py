"""Reader of Renode-compatible platform descriptions: text -> blocks -> tokens -> syntax -> merged variables."""
