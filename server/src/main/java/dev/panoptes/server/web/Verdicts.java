package dev.panoptes.server.web;

import dev.panoptes.server.scans.ScanSummary;
import dev.panoptes.server.web.view.IssueLine;
import dev.panoptes.server.web.view.Part;
import dev.panoptes.server.web.view.Show;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Says in one sentence how the fleet is. */
final class Verdicts {
    private static final List<String> NUMBERS = List.of(
            "No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve");
    private static final int MOST_CLAUSES = 2;

    private Verdicts() {}

    /** A number at the beginning of a sentence. */
    static String number(long number) {
        return number >= 0 && number < NUMBERS.size() ? NUMBERS.get((int) number) : Show.number(number);
    }

    /**
     * @param last null before the first scan
     * @param worst the worst open issues, critical and high ones
     * @param open how many are open altogether
     * @param attacked the host of the worst incident; null where there is none
     */
    static List<Part> of(@Nullable ScanSummary last, List<IssueLine> worst, long open, @Nullable String attacked) {
        List<List<Part>> clauses = new ArrayList<>();
        Map<String, List<IssueLine>> byCheck = new LinkedHashMap<>();
        for (IssueLine issue : worst) {
            byCheck.computeIfAbsent(issue.check(), _ -> new ArrayList<>()).add(issue);
        }
        byCheck.values().stream()
                .limit(attacked == null ? MOST_CLAUSES : MOST_CLAUSES - 1)
                .forEach(issues -> clauses.add(clause(issues)));
        if (attacked != null) {
            clauses.add(List.of(new Part(attacked, "c"), Part.of(" shows signs of intrusion")));
        }
        if (!clauses.isEmpty()) {
            return sentence(clauses);
        }
        if (last == null) {
            return List.of(Part.of("Nothing was looked at yet."));
        }
        if (last.totalChecks() == 0) {
            return List.of(Part.of("There was nothing to judge."));
        }
        if (open > 0) {
            return List.of(
                    Part.of("Nothing is urgent; "),
                    new Part(open == 1 ? "one thing" : lower(number(open)) + " things", "m"),
                    Part.of(open == 1 ? " differs from what is declared." : " differ from what is declared."));
        }
        if (last.unknownChecks() > 0) {
            return List.of(
                    Part.of("What could be judged is as declared; "),
                    new Part(Show.number(last.unknownChecks()), "m"),
                    Part.of(" could not be judged."));
        }
        return List.of(Part.of("This fleet is "), new Part("what it claims to be", "k"), Part.of("."));
    }

    private static List<Part> sentence(List<List<Part>> clauses) {
        List<Part> sentence = new ArrayList<>();
        for (int i = 0; i < clauses.size(); i++) {
            sentence.addAll(clauses.get(i));
            sentence.add(Part.of(i + 1 < clauses.size() ? ", and " : "."));
        }
        Part first = sentence.getFirst();
        // A name stays as it is written.
        if (first.tone().isEmpty()
                || NUMBERS.stream().anyMatch(number -> first.text().startsWith(lower(number) + " "))) {
            sentence.set(
                    0,
                    new Part(
                            first.text().substring(0, 1).toUpperCase(Locale.ROOT)
                                    + first.text().substring(1),
                            first.tone()));
        }
        return sentence;
    }

    private static List<Part> clause(List<IssueLine> issues) {
        IssueLine one = issues.getFirst();
        int many = issues.size();
        String count = lower(number(many));
        String subject = one.affected().isEmpty() ? one.title() : one.affected().getFirst();
        return switch (one.check()) {
            case "port-conflict" ->
                many == 1 && one.port() != null
                        ? List.of(
                                Part.of(number(Math.max(2, one.affected().size()))
                                                .toLowerCase(Locale.ROOT) + " agents claim port "),
                                new Part(Integer.toString(one.port()), "f"))
                        : List.of(new Part(count + " ports", "f"), Part.of(" are claimed by several agents"));
            case "identity-mismatch" ->
                many == 1
                        ? List.of(Part.of("another agent answers for "), new Part(subject, "c"))
                        : List.of(new Part(count + " agents", "c"), Part.of(" are answered for by others"));
            case "port-not-listening" ->
                many == 1
                        ? List.of(new Part(subject, "h"), Part.of(" is not listening"))
                        : List.of(new Part(count + " agents", "h"), Part.of(" are not listening"));
            case "lost-host" ->
                many == 1
                        ? List.of(new Part(one.host(), "h"), Part.of(" is not heard any more"))
                        : List.of(new Part(count + " hosts", "h"), Part.of(" are not heard any more"));
            default ->
                many == 1
                        ? List.of(
                                new Part(subject, tone(one)),
                                Part.of(" has " + article(one.severity()) + " issue: " + words(one.check())))
                        : List.of(
                                new Part(count + " " + one.severity() + " issues", tone(one)),
                                Part.of(" of " + words(one.check())));
        };
    }

    private static String article(String severity) {
        return (severity.startsWith("i") ? "an " : "a ") + severity;
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    private static String words(String check) {
        return check.replace('-', ' ');
    }

    private static String tone(IssueLine issue) {
        return issue.severity().equals("critical") ? "c" : "h";
    }
}
