package dev.panoptes.code.syntax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.panoptes.code.Language;
import dev.panoptes.code.tree.ParseResult;
import dev.panoptes.code.tree.Parser;
import dev.panoptes.code.tree.ParserUnavailable;
import dev.panoptes.code.tree.SyntaxTree;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules from nodes to our tree. That those of the languages are right is what the corpus says. */
final class ShapesTest {
    @Test
    void theFirstRuleThatFitsCounts() throws ParserUnavailable {
        Shapes shapes = new Shapes().parse("""
            # a comment
            block * = $*
            stmt expression_statement [0:call] = Evaluate(Name($0.function))
            stmt expression_statement [0=x] = Leave(BREAK) ; Leave(CONTINUE)
            stmt * = -
            """);

        SyntaxTree tree = parsed("f(1)\nx\ny\n");

        assertThat(shapes.text(Language.PYTHON, tree).statements())
                .containsExactly(
                        new Statement.Evaluate(new Expression.Name("f")),
                        new Statement.Leave(Statement.Way.BREAK),
                        new Statement.Leave(Statement.Way.CONTINUE));
    }

    @Test
    void aFoldBeginsAtTheLastNode() throws ParserUnavailable {
        Shapes shapes = new Shapes().parse("""
            block * = fold(one, $*, [])
            one * = Branch(Name($), @, [])
            """);

        SyntaxTree tree = parsed("a\nb\n");

        Statement inner = new Statement.Branch(new Expression.Name("b"), List.of(), List.of());
        assertThat(shapes.text(Language.PYTHON, tree).statements())
                .containsExactly(new Statement.Branch(new Expression.Name("a"), List.of(inner), List.of()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "stmt = Evaluate($)",
                "stmt module Evaluate($)",
                "stmt module = Nothing($)",
                "stmt module = Evaluate($) Evaluate($)",
                "stmt module = Evaluate("
            })
    void whatIsNoRuleIsRefused(String rule) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Shapes().parse(rule + "\n"));
    }

    private static SyntaxTree parsed(String source) throws ParserUnavailable {
        try (Parser parser = Parser.open(Language.PYTHON, Duration.ofSeconds(30))) {
            return switch (parser.parse(source.getBytes(StandardCharsets.UTF_8))) {
                case ParseResult.Parsed parsed -> parsed.tree();
                case ParseResult.TooHard hard -> throw new AssertionError(hard.reason());
            };
        }
    }
}
