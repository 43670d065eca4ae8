package dev.panoptes.detection.sigma;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Everything that the rules of one partition look for in texts, each once. Filled while rules are compiled, then turned into what looks
 * for all of it. For one thread.
 */
final class Atoms {
    /** Shorter literals are in most texts: they are looked for when they are asked for, or where a rule has nothing better. */
    private static final int SHORTEST = 4;

    /** What is found most on hosts: what is part of it says little. */
    private static final String COMMON =
            "/usr/local/sbin/ /usr/bin/bash /usr/bin/python3 /bin/sh -c /usr/sbin/ /lib/systemd/systemd- "
                    + "sudo /etc/ /var/log/ /var/lib/ /tmp/ /dev/null 2>&1 && || -- .sh .py .conf .service http:// https:// root /home/ "
                    + "/opt/ /run/ /usr/bin/sudo /usr/bin/dash /usr/bin/env /usr/sbin/sshd /usr/sbin/cron";

    private static final double OF_COMMON = 0.2;

    private final Map<Key, Atom> atoms = new HashMap<>();
    private final Map<Key, Integer> marks = new LinkedHashMap<>();
    private final Map<Integer, Map<Long, Integer>> values = new TreeMap<>();
    private int size;

    private record Key(List<Integer> slots, Needed.Literal literal) {}

    /** A literal that stands in one of the slots. */
    Atom literal(List<Integer> slots, Needed.Literal literal) {
        Key key = new Key(slots, literal);
        Atom known = atoms.get(key);
        if (known == null) {
            boolean scanned = literal.text().length() >= SHORTEST;
            known = new Atom(scanned ? mark(new Key(slots, literal.alone())) : -1, slots, literal);
            atoms.put(key, known);
        }
        return known;
    }

    private int mark(Key key) {
        Integer known = marks.get(key);
        if (known == null) {
            known = size++;
            marks.put(key, known);
        }
        return known;
    }

    /** A number that is a value of one of the slots. */
    List<Atom> number(List<Integer> slots, long number) {
        List<Atom> found = new ArrayList<>();
        for (int slot : slots) {
            int mark = values.computeIfAbsent(slot, _ -> new HashMap<>()).computeIfAbsent(number, _ -> size++);
            found.add(new Atom(mark, List.of(slot), new Needed.Literal(Long.toString(number), Around.ANY, Around.ANY)));
        }
        return found;
    }

    /** The mark of an atom itself, with what stands beside it. */
    int index(Atom atom) {
        return atom.scanned() && atom.literal().free() ? atom.mark() : mark(new Key(atom.slots(), atom.literal()));
    }

    /** One more than the highest mark. */
    int size() {
        return size;
    }

    /** By slot: what looks for literals. */
    Map<Integer, Scanner> scanners() {
        Map<Integer, Map<String, List<Scanner.Wanted>>> bySlot = new TreeMap<>();
        marks.forEach((key, mark) -> {
            Needed.Literal literal = key.literal();
            Scanner.Wanted wanted = new Scanner.Wanted(mark, literal.before(), literal.after());
            for (int slot : key.slots()) {
                bySlot.computeIfAbsent(slot, _ -> new LinkedHashMap<>())
                        .computeIfAbsent(literal.text(), _ -> new ArrayList<>(1))
                        .add(wanted);
            }
        });
        Map<Integer, Scanner> scanners = new TreeMap<>();
        bySlot.forEach((slot, literals) -> scanners.put(slot, new Scanner(literals)));
        return scanners;
    }

    /** By slot: the marks of numbers. */
    Map<Integer, Map<Long, Integer>> values() {
        return values;
    }

    /** About how often a text contains it: short literals often, whole values rarely. */
    static double cost(Needed.Literal literal) {
        double cost = Math.pow(0.45, Math.min(literal.text().length(), 10));
        if (COMMON.contains(literal.text())) {
            cost = Math.max(cost, OF_COMMON);
        }
        return cost * share(literal.before()) * share(literal.after());
    }

    private static double share(Around around) {
        return around.equals(Around.ANY) ? 1 : around.low() == 0 && around.high() == 0 ? 0.3 : 0.6;
    }
}
