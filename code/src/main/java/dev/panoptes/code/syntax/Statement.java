package dev.panoptes.code.syntax;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A statement of any language. */
public sealed interface Statement {
    record Evaluate(Expression expression) implements Statement {}

    /**
     * @param target a name, member, index, or items to be unpacked
     * @param value null where only a type is declared
     * @param type the declared type; null where there is none
     * @param declares true where the name is new in its block; false where it may belong to an outer one
     */
    record Assign(
            Expression target,
            @Nullable Expression value,
            @Nullable Expression type,
            boolean declares) implements Statement {}

    record Define(Function function) implements Statement {}

    /** @param arguments keyword arguments of the class statement, such as a Pydantic {@code env_prefix} */
    record DefineType(
            String name,
            List<Expression> bases,
            List<Expression.Argument> arguments,
            List<Statement> body,
            List<Expression> decorators)
            implements Statement {
        public DefineType {
            bases = List.copyOf(bases);
            arguments = List.copyOf(arguments);
            body = List.copyOf(body);
            decorators = List.copyOf(decorators);
        }
    }

    record Return(@Nullable Expression value) implements Statement {}

    record Branch(Expression condition, List<Statement> yes, List<Statement> no) implements Statement {
        public Branch {
            yes = List.copyOf(yes);
            no = List.copyOf(no);
        }
    }

    /**
     * @param target what each turn assigns; null for a loop on a condition
     * @param over what it goes over, or the condition
     */
    record Repeat(@Nullable Expression target, Expression over, List<Statement> body, List<Statement> otherwise)
            implements Statement {
        public Repeat {
            body = List.copyOf(body);
            otherwise = List.copyOf(otherwise);
        }
    }

    /** try, except, else, finally. */
    record Attempt(
            List<Statement> body, List<List<Statement>> handlers, List<Statement> otherwise, List<Statement> last)
            implements Statement {
        public Attempt {
            body = List.copyOf(body);
            handlers = List.copyOf(handlers);
            otherwise = List.copyOf(otherwise);
            last = List.copyOf(last);
        }
    }

    /** {@code with value as target}. */
    record Using(Expression value, @Nullable Expression target, List<Statement> body) implements Statement {
        public Using {
            body = List.copyOf(body);
        }
    }

    record Block(List<Statement> body) implements Statement {
        public Block {
            body = List.copyOf(body);
        }
    }

    /**
     * @param module as written, without leading dots; empty for {@code from . import x}
     * @param level number of leading dots
     * @param names what is taken from it; empty where the module itself is bound; {@code *} takes all
     * @param alias the name the module is bound to; null for the language's default
     */
    record Import(
            String module,
            int level,
            List<Imported> names,
            @Nullable String alias) implements Statement {
        public Import {
            names = List.copyOf(names);
        }
    }

    record Imported(String name, String alias) {}

    /** {@code global}, {@code nonlocal}. */
    record Outer(List<String> names) implements Statement {
        public Outer {
            names = List.copyOf(names);
        }
    }

    /** Leaves the block: raise, break, continue. */
    record Leave(Way way) implements Statement {}

    enum Way {
        RAISE,
        BREAK,
        CONTINUE
    }
}
