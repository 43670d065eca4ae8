package dev.panoptes.detection.sigma;

import dev.panoptes.detection.sigma.Automaton.Node;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes a regular expression as the program of an {@link Automaton}. For one expression. */
final class AutomatonReader {
    private static final int MOST_NODES = 1_500;

    private final List<Node> nodes = new ArrayList<>();

    /** Thrown where the program becomes too long; never leaves this class. */
    private static final class TooLong extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooLong() {
            super("too long", null, false, false);
        }
    }

    private AutomatonReader() {}

    /** @param flags of {@link com.google.re2j.Pattern} @return null where something in the expression is not known */
    static @Nullable Automaton read(String source, int flags) {
        Part whole = PartReader.read(source, flags);
        if (whole == null) {
            return null;
        }
        try {
            AutomatonReader reader = new AutomatonReader();
            int end = reader.add(new Node(Automaton.FOUND, null, 0, 0));
            int start = reader.write(whole, end);
            return Automaton.fits(reader.nodes) ? new Automaton(reader.nodes, start) : null;
        } catch (TooLong e) {
            return null;
        }
    }

    private int add(Node node) {
        if (nodes.size() >= MOST_NODES) {
            throw new TooLong();
        }
        nodes.add(node);
        return nodes.size() - 1;
    }

    /** Writes a part so that it goes on at {@code next}. @return where it begins */
    private int write(Part part, int next) {
        return switch (part) {
            case Part.One(CharacterSet set) -> add(new Node(Automaton.CHARACTERS, set, next, 0));
            case Part.Between(int kind) -> add(new Node(kind, null, next, 0));
            case Part.Row(List<Part> parts) -> {
                int begin = next;
                for (Part one : parts.reversed()) {
                    begin = write(one, begin);
                }
                yield begin;
            }
            case Part.Either(List<Part> parts) -> {
                int begin = write(parts.getLast(), next);
                for (Part one : parts.subList(0, parts.size() - 1).reversed()) {
                    begin = add(new Node(Automaton.SPLIT, null, write(one, next), begin));
                }
                yield begin;
            }
            case Part.Times times -> times(times, next);
        };
    }

    private int times(Part.Times times, int next) {
        int begin = next;
        if (times.most() < 0) {
            int loop = add(new Node(Automaton.SPLIT, null, 0, next));
            nodes.set(loop, new Node(Automaton.SPLIT, null, write(times.part(), loop), next));
            begin = loop;
        } else {
            for (int i = times.least(); i < times.most(); i++) {
                begin = add(new Node(Automaton.SPLIT, null, write(times.part(), begin), next));
            }
        }
        for (int i = 0; i < times.least(); i++) {
            begin = write(times.part(), begin);
        }
        return begin;
    }
}
