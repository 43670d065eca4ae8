package dev.panoptes.detection.sigma;

import java.util.List;

/** What a rule asks of an event. */
sealed interface Expr {
    record And(List<Expr> parts) implements Expr {
        public And {
            parts = List.copyOf(parts);
        }
    }

    record Or(List<Expr> parts) implements Expr {
        public Or {
            parts = List.copyOf(parts);
        }
    }

    record Not(Expr part) implements Expr {}

    /** One of the field's values passes the test. @param field as the rule names it */
    record Field(String field, Test test) implements Expr {}

    /** Some value at any depth passes the test. */
    record Keyword(Test test) implements Expr {}

    static Expr and(List<Expr> parts) {
        return parts.size() == 1 ? parts.getFirst() : new And(parts);
    }

    static Expr or(List<Expr> parts) {
        return parts.size() == 1 ? parts.getFirst() : new Or(parts);
    }
}
