package dev.panoptes.code.syntax;

import dev.panoptes.code.tree.SyntaxNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the right side and the guards of rules. */
final class ShapeParser {
    /** A path, and what is asked of it. */
    private static final Pattern GUARD =
            Pattern.compile("(%\\W+|[\\w^.*%#|!-]*?)(?:([=~:]|#(?=\\d+$))(.+))?", Pattern.DOTALL);

    private final String text;
    private final Shapes shapes;
    private int at;

    ShapeParser(String text, Shapes shapes) {
        this.text = text.strip();
        this.shapes = shapes;
    }

    /** Terms with a semicolon between them; none for {@code -}. */
    List<Shapes.Term> terms() {
        List<Shapes.Term> terms = new ArrayList<>();
        if (text.equals("-")) {
            return terms;
        }
        do {
            terms.add(term());
        } while (taken(';'));
        if (at < text.length()) {
            throw new IllegalArgumentException("not understood: " + text.substring(at));
        }
        return terms;
    }

    private Shapes.Term term() {
        space();
        char c = at < text.length() ? text.charAt(at) : ' ';
        if (c == '\'') {
            int end = text.indexOf('\'', at + 1);
            String literal = text.substring(at + 1, end);
            at = end + 1;
            return new Shapes.Constant(literal);
        }
        if (c == '$' || c == '^') {
            return selection(word());
        }
        if (c == '@') {
            at++;
            return Place::inner;
        }
        String word = word();
        if (taken('(')) {
            List<Shapes.Term> given = new ArrayList<>();
            while (!taken(')')) {
                given.add(term());
                taken(',');
            }
            return shapes.maker(word, given);
        }
        if (at < text.length() && text.charAt(at) == ':') {
            at++;
            Shapes.Term nodes = term();
            return place -> place.each(word, nodes.in(place));
        }
        return constant(word);
    }

    private static Shapes.Term constant(String word) {
        Object value = switch (word) {
            case "null" -> null;
            case "true" -> Boolean.TRUE;
            case "false" -> Boolean.FALSE;
            case "[]" -> List.of();
            default -> word.matches("\\d+") ? (Object) Integer.valueOf(word) : word;
        };
        return new Shapes.Constant(value);
    }

    private String word() {
        int start = at;
        while (at < text.length() && " ,():;".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        if (at == start) {
            throw new IllegalArgumentException("nothing at " + start + " of " + text);
        }
        return text.substring(start, at);
    }

    private boolean taken(char c) {
        space();
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private void space() {
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
    }

    /**
     * {@code [path]}, {@code [!path]}, {@code [path=text]}, {@code [path~pattern]}, {@code [path:kind]}, {@code [path#2]}: that
     * many.
     */
    static Shapes.Guard guard(String bracketed) {
        boolean absent = bracketed.startsWith("[!");
        Matcher parts = GUARD.matcher(bracketed.substring(absent ? 2 : 1, bracketed.length() - 1));
        if (!parts.matches()) {
            throw new IllegalArgumentException("not understood: " + bracketed);
        }
        String at = parts.group(1);
        Shapes.Term path = selection(at.startsWith("^") ? at : "$" + at);
        String wanted = parts.group(3);
        return switch (parts.group(2)) {
            case "=" -> place -> wanted.equals(Shapes.text(path.in(place))) != absent;
            case "~" -> {
                Pattern pattern = Pattern.compile(wanted, Pattern.DOTALL);
                yield place -> pattern.matcher(Shapes.text(path.in(place))).matches() != absent;
            }
            case ":" -> {
                List<String> kinds = wanted.startsWith("|") ? List.of(wanted) : List.of(wanted.split("\\|"));
                yield place -> (path.in(place) instanceof SyntaxNode node && kinds.contains(node.type())) != absent;
            }
            case "#" -> {
                int count = Integer.parseInt(wanted);
                yield place -> (Shapes.list(path.in(place)).size() == count) != absent;
            }
            case null, default ->
                place -> {
                    Object found = path.in(place);
                    return (found == null || (found instanceof List<?> list && list.isEmpty())) == absent;
                };
        };
    }

    /** One step from nodes to nodes. */
    private interface Step {
        void from(SyntaxNode node, List<SyntaxNode> into);
    }

    /** {@code $left}, {@code $body.*}, {@code $#kind}, {@code ^value}: nodes below this one, or below the one outside of it. */
    private static Shapes.Term selection(String word) {
        int outer = 0;
        while (outer < word.length() && word.charAt(outer) == '^') {
            outer++;
        }
        String path = outer > 0 ? word.substring(outer) : word.substring(1);
        List<Step> steps = new ArrayList<>();
        boolean many = false;
        for (String part : path.isEmpty() ? new String[0] : path.split("\\.")) {
            steps.add(step(part));
            many |= part.contains("*");
        }
        int ups = outer;
        boolean several = many;
        if (steps.isEmpty() && ups == 0) {
            return Place::node;
        }
        if (steps.size() == 1 && ups == 0 && path.matches("[a-z_]+")) {
            return place -> place.node().child(path);
        }
        if (ups == 0 && path.matches("[a-z_]+\\.\\*")) {
            String field = path.substring(0, path.length() - 2);
            return place -> {
                SyntaxNode child = place.node().child(field);
                return child == null ? List.of() : child.named();
            };
        }
        return place -> select(place, ups, steps, several);
    }

    private static @Nullable Object select(Place place, int ups, List<Step> steps, boolean several) {
        Place from = place;
        for (int i = 0; i < ups && from.outer() != null; i++) {
            from = from.outer();
        }
        List<SyntaxNode> nodes = List.of(from.node());
        for (Step step : steps) {
            List<SyntaxNode> next = new ArrayList<>();
            for (SyntaxNode node : nodes) {
                step.from(node, next);
            }
            nodes = next;
        }
        return several ? nodes : nodes.isEmpty() ? null : nodes.getFirst();
    }

    /**
     * {@code name} a field, {@code name*} all in it, {@code *} all that the grammar names, {@code *-name} those in no such
     * field, {@code *!kind} those of no such kind, {@code 0} and {@code -1} one of them by its number, {@code #kind} of a kind,
     * {@code %kind} of a kind that need not be named; {@code |} between several.
     */
    private static Step step(String part) {
        boolean all = part.endsWith("*");
        List<String> words = List.of(
                part.equals("%||")
                        ? new String[] {"||"}
                        : part.replaceFirst("^[#%]|^\\*[-!]", "")
                                .replaceFirst("\\*$", "")
                                .split("\\|"));
        if (part.matches("-?\\d+")) {
            int number = Integer.parseInt(part);
            return (node, into) -> {
                List<SyntaxNode> named = node.named();
                int index = number < 0 ? named.size() + number : number;
                if (index >= 0 && index < named.size()) {
                    into.add(named.get(index));
                }
            };
        }
        if (part.equals("*")) {
            return (node, into) -> into.addAll(node.named());
        }
        int most = all || part.startsWith("*") ? Integer.MAX_VALUE : 1;
        if (part.startsWith("*-")) {
            return (node, into) ->
                    keep(node.named(), child -> child.field() == null || !words.contains(child.field()), most, into);
        }
        if (part.startsWith("*!")) {
            return (node, into) -> keep(node.named(), child -> !words.contains(child.type()), most, into);
        }
        if (part.startsWith("#")) {
            return (node, into) -> keep(node.named(), child -> words.contains(child.type()), most, into);
        }
        if (part.startsWith("%")) {
            return (node, into) -> keep(node.children(), child -> words.contains(child.type()), most, into);
        }
        if (all) {
            return (node, into) ->
                    keep(node.children(), child -> child.field() != null && words.contains(child.field()), most, into);
        }
        return (node, into) -> {
            SyntaxNode child = node.child(part);
            if (child != null) {
                into.add(child);
            }
        };
    }

    private static void keep(List<SyntaxNode> children, Predicate<SyntaxNode> wanted, int most, List<SyntaxNode> into) {
        int left = most;
        for (SyntaxNode child : children) {
            if (left > 0 && wanted.test(child)) {
                into.add(child);
                left--;
            }
        }
    }
}
