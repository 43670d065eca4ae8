package dev.panoptes.detection.sigma;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The automaton answers as the general engine does. */
class ExpressionTest {
    private static final List<String> ATOMS = List.of(
            "a", "b", "K", "s", ".", "\\s", "\\S", "\\w", "\\W", "\\d", "\\b", "\\B", "^", "$", "[ab]", "[^a\\s]",
            "[a-c_-]", "[\\w-]", "[^\\w]", "[\\W-]", "\\.", "\\x41", "-", "/", " ", "\\A", "\\z", "(?:a|)", "\\n");
    private static final List<String> REPEATS = List.of("", "", "", "*", "+", "?", "{2}", "{0,2}", "{1,}", "*?", "+?");
    private static final String LETTERS = "abcKks \n-_./A1Z\u017f\u212a\u00e4";

    private static String expression(Random random, int depth) {
        StringBuilder text = new StringBuilder();
        int parts = 1 + random.nextInt(4);
        for (int i = 0; i < parts; i++) {
            if (i > 0 && random.nextInt(5) == 0) {
                text.append('|');
            }
            String atom = depth > 0 && random.nextInt(4) == 0
                    ? "(" + expression(random, depth - 1) + ")"
                    : ATOMS.get(random.nextInt(ATOMS.size()));
            boolean place = List.of("\\b", "\\B", "^", "$", "\\A", "\\z").contains(atom);
            text.append(atom).append(place ? "" : REPEATS.get(random.nextInt(REPEATS.size())));
        }
        return text.toString();
    }

    @Test
    void theSameTextsAreFoundWithTheAutomatonAndWithout() {
        Random random = new Random(20_260_301);
        int quick = 0;
        for (int i = 0; i < 4_000; i++) {
            int flags = random.nextInt(8);
            int given = ((flags & 1) != 0 ? Pattern.CASE_INSENSITIVE : 0)
                    | ((flags & 2) != 0 ? Pattern.MULTILINE : 0)
                    | ((flags & 4) != 0 ? Pattern.DOTALL : 0);
            Pattern pattern = Pattern.compile(expression(random, 2), given);
            Expression expression = new Expression(pattern);
            quick += expression.quick() ? 1 : 0;
            for (int j = 0; j < 25; j++) {
                StringBuilder text = new StringBuilder();
                int length = random.nextInt(8);
                for (int k = 0; k < length; k++) {
                    text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
                }
                if (random.nextInt(20) == 0) {
                    text.append("\ud83d\ude00");
                }
                assertThat(expression.finds(text.toString()))
                        .as("%s with %s in '%s'", pattern.pattern(), given, text)
                        .isEqualTo(pattern.matcher(text.toString()).find());
            }
        }
        assertThat(quick).isEqualTo(4_000);
    }

    @Test
    void everyExpressionOfOursIsQuick() {
        RuleSet rules = RuleSet.of(OwnRules.read());
        long slow = java.util.stream.IntStream.range(0, rules.rules().size())
                .filter(i -> rules.rule(i) instanceof Rule.Detection detection && slow(detection.expr()))
                .count();
        assertThat(slow).isZero();
    }

    private static boolean slow(Expr expr) {
        return switch (expr) {
            case Expr.And and -> and.parts().stream().anyMatch(ExpressionTest::slow);
            case Expr.Or or -> or.parts().stream().anyMatch(ExpressionTest::slow);
            case Expr.Not not -> slow(not.part());
            case Expr.Field field ->
                field.test() instanceof dev.panoptes.detection.sigma.Test.Matches(var e) && !e.quick();
            case Expr.Keyword keyword ->
                keyword.test() instanceof dev.panoptes.detection.sigma.Test.Matches(var e) && !e.quick();
        };
    }

    /** More states than are kept, and a text that makes a backtracking engine go on for years. */
    @Test
    void aHostileExpressionOrTextStaysLinear() {
        Expression many = new Expression(Pattern.compile("(a|b)*a(a|b){14}c"));
        Random random = new Random(7);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 60_000; i++) {
            text.append(random.nextBoolean() ? 'a' : 'b');
        }
        assertThat(many.quick()).isTrue();
        assertThat(many.finds(text.toString())).isFalse();
        assertThat(many.finds(text + "a" + "b".repeat(14) + "c")).isTrue();
        assertThat(new Expression(Pattern.compile("(x+x+)+y")).finds("x".repeat(60_000)))
                .isFalse();
        assertThat(new Expression(Pattern.compile("(a{100}){100}")).quick()).isFalse();
    }
}
