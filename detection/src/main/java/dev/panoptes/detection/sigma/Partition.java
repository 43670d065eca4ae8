package dev.panoptes.detection.sigma;

import dev.panoptes.core.event.Event;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntConsumer;

/**
 * The rules for the events of one kind, ready to run: what an event contains tells which rules can match, and only these are
 * tried. Immutable once built; thread-safe.
 */
final class Partition {
    private static final int[] NONE = {};

    private final Paths paths = new Paths();
    private final List<Member> members = new ArrayList<>();
    private final int[] always;
    private final int marks;
    /** By slot: what is found inside a value. */
    private final Inside[] inside;
    /** By slot: what is the whole value. */
    private final Whole[] whole;

    private record Inside(int slot, Literals literals) {}

    private record Whole(int slot, Map<String, int[]> byValue) {}

    /** @param besides marks of the further groups that must be there; marks up to the number of members are those of the first */
    private record Member(int rule, Compiler.Check check, boolean elementwise, int[] besides) {}

    /** A rule with the fields of the log source that it asks. @param number by which it is told */
    record Entry(int number, Expr expr, Map<String, List<String>> fields) {}

    Partition(List<Entry> entries) {
        Set<Integer> unconditional = new TreeSet<>();
        Map<Integer, Map<String, Set<Integer>>> parts = new TreeMap<>();
        Map<Integer, Map<String, Set<Integer>>> wholes = new TreeMap<>();
        Map<Map<String, List<String>>, Compiler> compilers = new HashMap<>();
        int further = entries.size();
        for (Entry entry : entries) {
            Compiler compiler = compilers.computeIfAbsent(entry.fields(), fields -> new Compiler(paths, fields));
            int index = members.size();
            List<List<Needs.Need>> groups = new Needs(compiler).of(entry.expr());
            int[] besides = new int[Math.max(0, groups.size() - 1)];
            for (int i = 0; i < besides.length; i++) {
                besides[i] = further++;
            }
            members.add(new Member(
                    entry.number(), compiler.check(entry.expr()), compiler.elementwise(entry.expr()), besides));
            if (groups.isEmpty()) {
                unconditional.add(index);
            }
            for (int i = 0; i < groups.size(); i++) {
                for (Needs.Need need : groups.get(i)) {
                    (need.whole() ? wholes : parts)
                            .computeIfAbsent(need.slot(), _ -> new HashMap<>())
                            .computeIfAbsent(need.literal(), _ -> new HashSet<>())
                            .add(i == 0 ? index : besides[i - 1]);
                }
            }
        }
        marks = further;
        always = unconditional.stream().mapToInt(Integer::intValue).toArray();
        inside = parts.entrySet().stream()
                .map(entry -> new Inside(entry.getKey(), new Literals(entry.getValue())))
                .toArray(Inside[]::new);
        List<Whole> found = new ArrayList<>();
        wholes.forEach((slot, values) -> {
            Map<String, int[]> byValue = new HashMap<>();
            values.forEach((value, rules) -> byValue.put(
                    value, rules.stream().mapToInt(Integer::intValue).toArray()));
            found.add(new Whole(slot, byValue));
        });
        whole = found.toArray(Whole[]::new);
    }

    /** What its rules look at. */
    Set<String> sources() {
        return paths.sources();
    }

    boolean isEmpty() {
        return members.isEmpty();
    }

    /** Tells the numbers of the rules that match, in their order. */
    void match(Event event, IntConsumer matched) {
        View view = new View(paths, event);
        Literals.Marks marks = new Literals.Marks(members.size(), this.marks);
        marks.add(always);
        for (Inside one : inside) {
            String[] texts = one.slot() == Needs.ANYWHERE ? view.everythingFolded() : view.folded(one.slot());
            for (String text : texts) {
                one.literals().mark(text, marks);
            }
        }
        for (Whole one : whole) {
            lookUp(view, one.slot(), one.byValue(), marks);
        }
        if (marks.size() > 0) {
            run(view, marks, matched);
        }
    }

    private static void lookUp(View view, int slot, Map<String, int[]> byValue, Literals.Marks marks) {
        String[] folded = view.folded(slot);
        for (int i = 0; i < folded.length; i++) {
            marks.add(byValue.getOrDefault(folded[i], NONE));
            Object value = view.values(slot)[i];
            if (value instanceof Double || (value instanceof String && numberSpelledOtherwise(folded[i]))) {
                double number = Test.number(value);
                if (number == Math.rint(number) && Math.abs(number) < 1e15) {
                    marks.add(byValue.getOrDefault(Long.toString((long) number), NONE));
                }
            }
        }
    }

    private static boolean numberSpelledOtherwise(String text) {
        return !text.isEmpty()
                && (text.charAt(0) == '0' || text.charAt(0) == '+' || text.indexOf('.') > 0 || text.indexOf('e') > 0)
                && text.length() < 24;
    }

    private void run(View view, Literals.Marks marks, IntConsumer matched) {
        for (int candidate : marks.sorted()) {
            Member member = members.get(candidate);
            if (!marks.hasAll(member.besides())) {
                continue;
            }
            boolean hit = member.elementwise()
                    ? anyElement(view, member.check())
                    : member.check().test(view);
            if (hit) {
                matched.accept(member.rule());
            }
        }
    }

    /** A record of paths is one path at a time: what is asked must hold for one of them, not for all taken together. */
    private boolean anyElement(View view, Compiler.Check check) {
        int elements = Math.min(paths.elements(view.event()), 1_000);
        if (elements == 0) {
            return check.test(view);
        }
        boolean hit = false;
        for (int i = 0; i < elements && !hit; i++) {
            view.choose(i);
            hit = check.test(view);
        }
        view.choose(-1);
        return hit;
    }
}
