package dev.panoptes.detection.sigma;

import dev.panoptes.core.event.Event;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The rules for the events of one kind, ready to run: what an event contains tells which rules can match, and only these are
 * tried. Immutable once built; thread-safe.
 */
final class Partition {
    private static final int[] NONE = {};

    private final Paths paths = new Paths();
    private final Member[] members;
    private final int[] always;
    private final int marks;
    /** By mark: the members that are worth a look where it is there. */
    private final int[][] byMark;

    private final Looking[] looking;
    private final Values[] values;
    private final AtomicReference<@Nullable Scratch> spare = new AtomicReference<>();

    private record Looking(int slot, Scanner scanner) {}

    private record Values(int slot, Map<Long, Integer> marks) {}

    /** @param gate what must be there besides that by which the member is found */
    private record Member(int rule, Gate gate, Compiler.Check check, boolean elementwise) {}

    /** A rule with the fields of the log source that it asks. @param number by which it is told */
    record Entry(int number, Expr expr, Map<String, List<String>> fields) {}

    /** What one event marks. For one thread at a time, event after event. */
    private record Scratch(Marks marks, Marks candidates) {
        void clear() {
            marks.clear();
            candidates.clear();
        }
    }

    Partition(List<Entry> entries) {
        Atoms found = new Atoms();
        Map<Map<String, List<String>>, Compiling> compilers = new IdentityHashMap<>();
        members = new Member[entries.size()];
        for (int i = 0; i < members.length; i++) {
            Entry entry = entries.get(i);
            members[i] = compilers
                    .computeIfAbsent(entry.fields(), fields -> Compiling.of(paths, fields, found))
                    .member(entry);
        }
        Map<Integer, List<Integer>> rare = new HashMap<>();
        List<Integer> unconditional = new ArrayList<>();
        for (int i = 0; i < members.length; i++) {
            Member member = members[i];
            List<Atom> rarest = member.gate().rarest().atoms();
            if (rarest.isEmpty()) {
                unconditional.add(i);
            }
            for (Atom atom : rarest) {
                rare.computeIfAbsent(found.index(atom), _ -> new ArrayList<>(1)).add(i);
            }
            members[i] = new Member(member.rule(), member.gate().besidesRarest(), member.check(), member.elementwise());
        }
        paths.finish();
        marks = found.size();
        byMark = new int[marks][];
        for (int i = 0; i < marks; i++) {
            byMark[i] = array(rare.getOrDefault(i, List.of()));
        }
        always = array(unconditional);
        looking = found.scanners().entrySet().stream()
                .map(one -> new Looking(one.getKey(), one.getValue()))
                .toArray(Looking[]::new);
        values = found.values().entrySet().stream()
                .map(one -> new Values(one.getKey(), one.getValue()))
                .toArray(Values[]::new);
    }

    private static int[] array(List<Integer> numbers) {
        return numbers.isEmpty()
                ? NONE
                : numbers.stream().mapToInt(Integer::intValue).toArray();
    }

    /** What turns rules of the same fields into members. */
    private record Compiling(Compiler plain, Compiler asking, Needs needs) {
        static Compiling of(Paths paths, Map<String, List<String>> fields, Atoms atoms) {
            Compiler plain = new Compiler(paths, fields);
            Needs needs = new Needs(plain, atoms);
            return new Compiling(plain, plain.asking(needs), needs);
        }

        Member member(Entry entry) {
            // What is marked is of all elements together, and a check is of one.
            boolean elementwise = plain.elementwise(entry.expr());
            Compiler.Check check = (elementwise ? plain : asking).check(entry.expr());
            return new Member(entry.number(), needs.of(entry.expr()), check, elementwise);
        }
    }

    /** What its rules look at. */
    Set<String> sources() {
        return paths.sources();
    }

    boolean isEmpty() {
        return members.length == 0;
    }

    /** How many of its rules are tried on every event. */
    int unconditional() {
        return always.length;
    }

    /** Tells the numbers of the rules that match, in their order. */
    void match(Event event, IntConsumer matched) {
        Scratch scratch = spare.getAndSet(null);
        if (scratch == null) {
            scratch = new Scratch(new Marks(marks), new Marks(members.length));
        }
        View view = new View(paths, event, scratch.marks());
        mark(view, scratch.marks());
        choose(scratch);
        run(view, scratch, matched);
        scratch.clear();
        spare.set(scratch);
    }

    private void mark(View view, Marks marks) {
        for (Looking one : looking) {
            view.scan(one.slot(), one.scanner());
        }
        for (Values one : values) {
            lookUp(view, one.slot(), one.marks(), marks);
        }
    }

    private void choose(Scratch scratch) {
        Marks found = scratch.marks();
        Marks candidates = scratch.candidates();
        for (int member : always) {
            candidates.add(member);
        }
        for (int i = 0; i < found.size(); i++) {
            for (int member : byMark[found.get(i)]) {
                candidates.add(member);
            }
        }
        candidates.sort();
    }

    private static void lookUp(View view, int slot, Map<Long, Integer> known, Marks marks) {
        for (Object value : view.values(slot)) {
            double number = Test.number(value);
            if (number == Math.rint(number) && Math.abs(number) < 1e15) {
                Integer mark = known.get((long) number);
                if (mark != null) {
                    marks.add(mark);
                }
            }
        }
    }

    private void run(View view, Scratch scratch, IntConsumer matched) {
        for (int i = 0; i < scratch.candidates().size(); i++) {
            Member member = members[scratch.candidates().get(i)];
            if (!member.gate().holds(view)) {
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
