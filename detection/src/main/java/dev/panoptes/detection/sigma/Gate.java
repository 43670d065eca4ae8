package dev.panoptes.detection.sigma;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What must be there for something to be worth trying. Immutable. */
sealed interface Gate {
    Gate OPEN = new Open();

    Comparator<Gate> BY_COST = Comparator.comparingDouble(gate -> gate.rarest().cost());

    boolean holds(View view);

    /** About how often it holds, of one. */
    double cost();

    /** Atoms of which one is there whenever the gate holds, those that are seldom there; none for an open gate. */
    AnyOf rarest();

    /** What is left to ask where one of the rarest is known to be there. */
    default Gate besidesRarest() {
        return switch (this) {
            case Open open -> open;
            case AnyOf _ -> OPEN;
            case One one -> one;
            case All all ->
                all.parts()[0] instanceof AnyOf ? all(Arrays.asList(all.parts()).subList(1, all.parts().length)) : all;
        };
    }

    record Open() implements Gate {
        @Override
        public boolean holds(View view) {
            return true;
        }

        @Override
        public double cost() {
            return 1;
        }

        @Override
        public AnyOf rarest() {
            return AnyOf.NONE;
        }
    }

    /** One of several atoms. */
    final class AnyOf implements Gate {
        static final AnyOf NONE = new AnyOf(List.of());

        private final List<Atom> atoms;
        private final Atom[] scanned;
        private final Atom[] others;
        /** The marks of those that are scanned, as words of 64. */
        private final int[] words;

        private final long[] masks;
        private final double cost;

        AnyOf(Collection<Atom> all) {
            atoms = List.copyOf(all);
            List<Atom> with = new ArrayList<>(atoms.size());
            List<Atom> without = new ArrayList<>();
            SortedMap<Integer, Long> marks = new TreeMap<>();
            double sum = 0;
            for (Atom atom : atoms) {
                sum += Atoms.cost(atom.literal());
                if (atom.scanned()) {
                    with.add(atom);
                    marks.merge(atom.mark() >> 6, 1L << atom.mark(), (one, other) -> one | other);
                } else {
                    without.add(atom);
                }
            }
            scanned = with.toArray(Atom[]::new);
            others = without.toArray(Atom[]::new);
            words = new int[marks.size()];
            masks = new long[marks.size()];
            int i = 0;
            for (Map.Entry<Integer, Long> word : marks.entrySet()) {
                words[i] = word.getKey();
                masks[i++] = word.getValue();
            }
            cost = atoms.isEmpty() ? 1 : Math.min(1, sum);
        }

        @Override
        public boolean holds(View view) {
            if (view.marks().hasOne(words, masks)) {
                for (Atom atom : scanned) {
                    if (atom.holds(view)) {
                        return true;
                    }
                }
            }
            for (Atom atom : others) {
                if (atom.holds(view)) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public double cost() {
            return cost;
        }

        @Override
        public AnyOf rarest() {
            return this;
        }

        List<Atom> atoms() {
            return atoms;
        }
    }

    record All(Gate[] parts, double cost) implements Gate {
        @Override
        public boolean holds(View view) {
            for (Gate part : parts) {
                if (!part.holds(view)) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public AnyOf rarest() {
            return parts[0].rarest();
        }
    }

    record One(Gate[] parts, double cost, AnyOf rarest) implements Gate {
        @Override
        public boolean holds(View view) {
            for (Gate part : parts) {
                if (part.holds(view)) {
                    return true;
                }
            }
            return false;
        }
    }

    static Gate all(List<Gate> gates) {
        List<Gate> parts = new ArrayList<>(gates.size());
        for (Gate gate : gates) {
            if (gate instanceof All all) {
                parts.addAll(Arrays.asList(all.parts()));
            } else if (!(gate instanceof Open)) {
                parts.add(gate);
            }
        }
        if (parts.size() < 2) {
            return parts.isEmpty() ? OPEN : parts.getFirst();
        }
        parts.sort(BY_COST);
        double cost = 1;
        for (Gate part : parts) {
            cost *= part.cost();
        }
        return new All(parts.toArray(Gate[]::new), cost);
    }

    static Gate one(List<Gate> gates) {
        if (gates.size() == 1) {
            return gates.getFirst();
        }
        Set<Atom> rarest = new LinkedHashSet<>();
        Set<Atom> simple = new LinkedHashSet<>();
        List<Gate> parts = new ArrayList<>();
        double cost = 0;
        for (Gate gate : gates) {
            if (gate instanceof Open) {
                return OPEN;
            }
            rarest.addAll(gate.rarest().atoms());
            if (gate instanceof AnyOf any) {
                simple.addAll(any.atoms());
            } else {
                parts.add(gate);
                cost += gate.cost();
            }
        }
        if (gates.isEmpty() || rarest.size() > Needed.MOST) {
            return OPEN;
        }
        if (!simple.isEmpty()) {
            AnyOf all = new AnyOf(simple);
            if (parts.isEmpty()) {
                return all;
            }
            parts.addFirst(all);
            cost += all.cost();
        }
        return new One(parts.toArray(Gate[]::new), Math.min(1, cost), new AnyOf(rarest));
    }
}
