package dev.panoptes.code.run;

import dev.panoptes.code.syntax.Function;
import dev.panoptes.code.syntax.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an expression may stand for. */
sealed interface Value {
    Scalar NOTHING = new Scalar(null, null, false);

    /**
     * A known text, number or truth value.
     *
     * @param value a String, Long, Double or Boolean; null for the language's null
     * @param variable the environment variable whose default this is; null where none decides
     * @param soft true where the environment or the command line may change it
     */
    record Scalar(@Nullable Object value, @Nullable String variable, boolean soft) implements Value {
        @Nullable
        String text() {
            return value instanceof String text ? text : null;
        }

        Scalar with(@Nullable Object changed) {
            return new Scalar(changed, variable, soft);
        }
    }

    /** @param variable the environment variable that decides; null where none does */
    record Unknown(String reason, @Nullable String variable) implements Value {}

    /** One of these; never nested, two to four. */
    record Several(List<Value> values) implements Value {
        public Several {
            values = List.copyOf(values);
        }
    }

    /** A list, tuple, set, array. */
    record Items(Store cells, boolean open) implements Value {
        int size() {
            return cells.size();
        }

        List<Value> values() {
            return new ArrayList<>(cells.values());
        }

        @Nullable
        Value at(long index) {
            return cells.at(index);
        }
    }

    /**
     * A dictionary or plain object.
     *
     * @param cells keys are String, Long, Double, Boolean; {@link #OPEN} is present where there may be other keys too
     * @param places where entries of a literal stand
     * @param site where the literal stands; null for none
     */
    record Entries(
            Store cells, Map<Object, Site> places, @Nullable Site site) implements Value {
        static final Object OPEN = new Object();

        boolean open() {
            return cells.get(OPEN) != null;
        }
    }

    /**
     * Something of a library, by its path: {@code uvicorn.run}, {@code flask.Flask().run}.
     *
     * @param receiver the object it belongs to; null for a function of a module
     */
    record Foreign(String path, @Nullable Value receiver) implements Value {}

    /**
     * What calling something of a library gave. Each is an object of its own.
     *
     * @param path of what was called, with {@code ()}
     * @param receiver the object whose method was called; null for none
     */
    record Made(String path, @Nullable Value receiver, Arguments arguments, Store fields, Site site) implements Value {
        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /**
     * @param self what a method is bound to; null otherwise
     * @param owner the type that defines the method; null otherwise
     */
    record Routine(
            Function function,
            Scope closure,
            @Nullable Value self,
            @Nullable Type owner) implements Value {
        Routine bound(Value to) {
            return new Routine(function, closure, to, owner);
        }
    }

    /**
     * A class or struct of the program.
     *
     * @param scope its own members
     */
    record Type(String name, Scope scope, List<Value> bases, Statement.@Nullable DefineType definition)
            implements Value {
        public Type {
            bases = List.copyOf(bases);
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /** An object of a class of the program. */
    record Instance(Type type, Store fields, Site site) implements Value {
        /** The field that holds what the class of a library that it inherits from was made with. */
        static final String INHERITED = "#inherited";

        /** What a library's class was given, as the object of that class that this one is too; null where it is none. */
        @Nullable
        Made inherited() {
            return fields.get(INHERITED) instanceof Made made ? made : null;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /** A module of the program. */
    record Loaded(Module module, Scope scope) implements Value {}

    /** A name imported from a module that is run only when somebody asks for it. */
    record Later(Module module, @Nullable String name) implements Value {}

    /** A function with some of its arguments already given. */
    record Partial(Value function, Arguments arguments) implements Value {}

    /** {@code super()}. */
    record Super(Value self, Type owner) implements Value {}
}
