package dev.panoptes.detection.sigma;

import dev.panoptes.core.event.Event;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The rules for the events of one kind, with memory: what programs do on a host repeats, and rules say of the same values the same. Rules
 * that look at times, numbers of processes or every value of an event are asked each time. The memory is bounded; a newer event takes
 * the place of an older one, and where nothing repeats it rests. Thread-safe: an entry is immutable and seen whole or not at all.
 */
final class Verdicts {
    /** Fewer rules are asked sooner than remembered. */
    private static final int FEW = 24;

    private static final int ENTRIES = 4_096;
    /** A hit pays for so many events that are remembered in vain. */
    private static final int WORTH = 6;

    private static final int MOST_CREDIT = 4_096;
    private static final int REST = 16_384;

    private final Partition repeating;
    private final Partition others;
    private final @Nullable Signature signature;
    private final @Nullable Entry[] entries;
    /** Hashes of what was met: only what comes a second time is remembered, so that what comes once leaves nothing behind. */
    private final int[] met;
    /** Falls with each event that is not found; below zero it rises to zero again before the next is looked up. Races only shift it. */
    private int credit = MOST_CREDIT;

    private record Entry(int hash, @Nullable Object[] values, int[] rules) {}

    Verdicts(List<Partition.Entry> rules) {
        List<Partition.Entry> repeat = new ArrayList<>();
        List<Partition.Entry> rest = new ArrayList<>();
        Map<Map<String, List<String>>, Compiler> compilers = new IdentityHashMap<>();
        for (Partition.Entry rule : rules) {
            Compiler compiler = compilers.computeIfAbsent(rule.fields(), fields -> new Compiler(new Paths(), fields));
            (compiler.repeats(rule.expr()) ? repeat : rest).add(rule);
        }
        boolean few = repeat.size() < FEW;
        if (few) {
            repeat = List.of();
            rest = rules;
        }
        repeating = new Partition(repeat);
        others = new Partition(rest);
        entries = new Entry[few ? 0 : ENTRIES];
        met = new int[entries.length];
        signature = few ? null : new Signature(repeating.sources());
    }

    boolean isEmpty() {
        return repeating.isEmpty() && others.isEmpty();
    }

    /** Tells the numbers of the rules that match, in their order. */
    void match(Event event, IntConsumer matched) {
        if (signature == null) {
            others.match(event, matched);
            return;
        }
        int[] known = remembered(event, signature);
        if (others.isEmpty()) {
            for (int rule : known) {
                matched.accept(rule);
            }
            return;
        }
        int[] more = gathered(others, event);
        int[] all = Arrays.copyOf(known, known.length + more.length);
        System.arraycopy(more, 0, all, known.length, more.length);
        Arrays.sort(all);
        for (int rule : all) {
            matched.accept(rule);
        }
    }

    private int[] remembered(Event event, Signature of) {
        int left = credit;
        if (left < 0) {
            credit = left == -1 ? MOST_CREDIT / 8 : left + 1;
            return gathered(repeating, event);
        }
        @Nullable Object[] values = of.of(event);
        if (values == null) {
            return gathered(repeating, event);
        }
        int hash = Signature.hash(values);
        int at = hash >>> 20;
        int beside = at ^ 1;
        Entry found = entries[at];
        if (found == null || found.hash() != hash || !Arrays.equals(found.values(), values)) {
            Entry second = entries[beside];
            if (second == null || second.hash() != hash || !Arrays.equals(second.values(), values)) {
                credit = left == 0 ? -REST : left - 1;
                int[] rules = gathered(repeating, event);
                if (met[at] == hash) {
                    if (found != null) {
                        entries[beside] = found;
                    }
                    entries[at] = new Entry(hash, values, rules);
                }
                met[at] = hash;
                return rules;
            }
            found = second;
        }
        credit = Math.min(MOST_CREDIT, left + WORTH);
        return found.rules();
    }

    private static int[] gathered(Partition partition, Event event) {
        Numbers numbers = new Numbers();
        partition.match(event, numbers);
        return numbers.all();
    }

    /** What a partition tells. For one thread. */
    private static final class Numbers implements IntConsumer {
        private static final int[] NONE = {};

        private int[] told = NONE;
        private int size;

        @Override
        public void accept(int number) {
            if (size == told.length) {
                told = Arrays.copyOf(told, Math.max(4, size * 2));
            }
            told[size++] = number;
        }

        int[] all() {
            return size == told.length ? told : Arrays.copyOf(told, size);
        }
    }
}
