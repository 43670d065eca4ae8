package dev.panoptes.detection.sigma;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a rule's condition over its named searches: {@code not} before {@code and} before {@code or}. */
final class Condition {
    private static final Pattern TOKEN = Pattern.compile("[()|]|[^\\s()|]+");
    private static final int DEEPEST = 60;
    private static final int MOST_TOKENS = 20_000;

    private final List<String> tokens = new ArrayList<>();
    private final Map<String, Expr> searches;
    private final int line;
    private int at;
    private int depth;

    private Condition(String text, Map<String, Expr> searches, int line) {
        this.searches = searches;
        this.line = line;
        Matcher matcher = TOKEN.matcher(text);
        while (matcher.find()) {
            tokens.add(matcher.group());
        }
    }

    /** @throws Broken where the condition cannot be read */
    static Expr parse(String text, Map<String, Expr> searches, int line) {
        Condition condition = new Condition(text, searches, line);
        if (condition.tokens.isEmpty()) {
            throw new Broken(line, "the condition is empty");
        }
        if (condition.tokens.contains("|")) {
            throw new Broken(
                    line, "the condition uses the old pipe (aggregations are correlation rules since Sigma 2)");
        }
        if (condition.tokens.size() > MOST_TOKENS) {
            throw new Broken(line, "the condition has more than " + MOST_TOKENS + " words");
        }
        Expr whole = condition.or();
        if (condition.at < condition.tokens.size()) {
            throw new Broken(line, "the condition does not end at '" + condition.tokens.get(condition.at) + "'");
        }
        return whole;
    }

    private String peek(int ahead) {
        return at + ahead < tokens.size() ? tokens.get(at + ahead) : "";
    }

    private boolean word(String word) {
        String token = peek(0);
        return token.equals(word) || (token.equalsIgnoreCase(word) && !searches.containsKey(token));
    }

    private Expr or() {
        List<Expr> parts = new ArrayList<>(List.of(and()));
        while (word("or")) {
            at++;
            parts.add(and());
        }
        return Expr.or(parts);
    }

    private Expr and() {
        List<Expr> parts = new ArrayList<>(List.of(not()));
        while (word("and")) {
            at++;
            parts.add(not());
        }
        return Expr.and(parts);
    }

    private Expr not() {
        if (word("not")) {
            at++;
            deeper();
            Expr part = not();
            depth--;
            return new Expr.Not(part);
        }
        return primary();
    }

    private void deeper() {
        if (++depth > DEEPEST) {
            throw new Broken(line, "the condition is nested more than " + DEEPEST + " levels deep");
        }
    }

    private Expr primary() {
        String token = peek(0);
        if (token.isEmpty()) {
            throw new Broken(line, "the condition ends too early");
        }
        if (token.equals("(")) {
            at++;
            deeper();
            Expr inner = or();
            depth--;
            if (!peek(0).equals(")")) {
                throw new Broken(line, "a bracket of the condition is not closed");
            }
            at++;
            return inner;
        }
        boolean quantity =
                token.equalsIgnoreCase("1") || token.equalsIgnoreCase("any") || token.equalsIgnoreCase("all");
        if (quantity && peek(1).equalsIgnoreCase("of")) {
            return quantified(token.equalsIgnoreCase("all"));
        }
        at++;
        Expr search = searches.get(token);
        if (search == null) {
            throw new Broken(line, "the condition names '" + token + "', which is no search of this rule");
        }
        return search;
    }

    private Expr quantified(boolean all) {
        String pattern = peek(2);
        at += 3;
        if (pattern.isEmpty() || pattern.equals(")") || pattern.equals("(")) {
            throw new Broken(line, "the condition says 'of' of nothing");
        }
        boolean them = pattern.equals("them");
        Pattern regex =
                Pattern.compile(them ? "[^_].*" : Pattern.quote(pattern).replace("*", "\\E.*\\Q"), Pattern.DOTALL);
        List<Expr> parts = searches.entrySet().stream()
                .filter(entry -> regex.matcher(entry.getKey()).matches())
                .map(Map.Entry::getValue)
                .toList();
        if (parts.isEmpty()) {
            throw new Broken(line, "no search of this rule is named '" + pattern + "'");
        }
        return all ? Expr.and(parts) : Expr.or(parts);
    }
}
