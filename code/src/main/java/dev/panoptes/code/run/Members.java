package dev.panoptes.code.run;

import dev.panoptes.code.syntax.Function;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Members of objects, classes and modules, and what stands at a key. */
final class Members {
    private static final int DEEPEST_INHERITANCE = 20;

    private final Interpreter run;

    Members(Interpreter run) {
        this.run = run;
    }

    /** Runs the module that a lazily imported name comes from. */
    Value force(Value value) {
        if (!(value instanceof Value.Later later)) {
            return value;
        }
        Scope scope = run.load(later.module());
        Value found = run.dialect.exported(later.module(), scope, later.name());
        if (found == null || found.equals(value)) {
            return Values.unknown((later.name() == null ? "what it exports" : later.name()) + " is not found in "
                    + later.module().rootPath());
        }
        return force(found);
    }

    Value member(Value object, String name) {
        Value found = memberOrNull(object, name);
        if (found != null) {
            return found;
        }
        return object instanceof Value.Unknown unknown && unknown.variable() == null
                ? unknown
                : Values.unknown(name + " is not known from the code");
    }

    @Nullable
    Value memberOrNull(Value object, String name) {
        Value special = run.library.member(object, name);
        if (special != null) {
            return force(special);
        }
        return switch (object) {
            case Value.Later _ -> memberOrNull(force(object), name);
            case Value.Loaded loaded -> {
                Value value = loaded.scope().names.get(name);
                yield value == null ? null : force(value);
            }
            case Value.Instance instance -> {
                Value field = instance.fields().get(name);
                yield field != null ? force(field) : inherited(instance.type(), name, instance, false);
            }
            case Value.Type type -> inherited(type, name, type, false);
            case Value.Super superior -> inherited(superior.owner(), name, superior.self(), true);
            case Value.Foreign foreign -> new Value.Foreign(foreign.path() + "." + name, foreign.receiver());
            case Value.Made made -> {
                Value field = made.fields().get(name);
                yield field != null ? field : new Value.Foreign(made.path() + "." + name, made);
            }
            case Value.Several several -> {
                Value joined = null;
                for (Value each : several.values()) {
                    Value one = memberOrNull(each, name);
                    if (one != null) {
                        joined = joined == null ? one : Values.join(joined, one);
                    }
                }
                yield joined;
            }
            case Value.Items _ -> new Value.Foreign("list()." + name, object);
            case Value.Entries _ -> new Value.Foreign("dict()." + name, object);
            case Value.Scalar scalar
            when scalar.value() instanceof String -> new Value.Foreign("str()." + name, object);
            case Value.Unknown unknown when unknown.variable() != null -> new Value.Foreign("str()." + name, object);
            case Value.Scalar _, Value.Unknown _, Value.Routine _, Value.Partial _ -> null;
        };
    }

    /** A member of a class or one it inherits from, seen from an object. */
    private @Nullable Value inherited(Value.Type type, String name, Value self, boolean onlyInherited) {
        Value own = onlyInherited ? null : type.scope().names.get(name);
        if (own != null) {
            return run.dialect.bind(force(own), self);
        }
        for (Value base : type.bases()) {
            Value found = force(base) instanceof Value.Type inner && !inner.equals(type)
                    ? inherited(inner, name, self, false)
                    : null;
            if (found != null) {
                return found;
            }
        }
        for (Value base : type.bases()) {
            if (force(base) instanceof Value.Foreign foreign && !run.library.plainBase(foreign.path())) {
                return new Value.Foreign(foreign.path() + "()." + name, self);
            }
        }
        return null;
    }

    /** {@code object[key]}. */
    Value at(Value object, Value key) {
        Value special = run.library.index(object, key);
        if (special != null) {
            return special;
        }
        if (object instanceof Value.Several several) {
            List<Value> all = new ArrayList<>();
            several.values().forEach(each -> all.add(at(each, key)));
            return Values.join(all);
        }
        Object known = Values.key(key);
        if (object instanceof Value.Items items && known instanceof Long number) {
            Value value = items.at(number < 0 ? items.size() + number : number);
            return value == null || items.open() ? Values.unknown("it is not in the list") : like(key, value);
        }
        if (object instanceof Value.Entries entries && known != null) {
            Value value = entries.cells().get(known);
            return value == null ? Values.unknown(known + " is not in the dictionary") : like(key, force(value));
        }
        return Values.unknown("it is looked up while the program runs");
    }

    /** Sets the fields of a new object as its class and the classes above it say, those above first. */
    void initialize(Value.Type type, Value.Instance instance, int depth) {
        for (Value base : type.bases()) {
            if (depth < DEEPEST_INHERITANCE && force(base) instanceof Value.Type inner && !inner.equals(type)) {
                initialize(inner, instance, depth + 1);
            }
        }
        if (type.scope().names.get(Function.FIELDS) instanceof Value.Routine routine) {
            run.calls.invoke(routine.bound(instance), Arguments.NONE, instance.site());
        }
    }

    /** What is found under a key that may be another is only what it is by default. */
    private static Value like(Value key, Value found) {
        return Values.soft(key) ? Values.softened(found) : found;
    }
}
