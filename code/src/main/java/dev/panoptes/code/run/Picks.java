package dev.panoptes.code.run;

import dev.panoptes.code.library.Pick;
import dev.panoptes.code.library.Row;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Finds in a call what a row of a table says where it stands. */
final class Picks {
    private final Interpreter run;
    private final Store kept;

    /** @param kept settings of libraries by name */
    Picks(Interpreter run, Store kept) {
        this.run = run;
        this.kept = kept;
    }

    /** @param through the object whose making holds the value; null where the call itself does */
    record Found(@Nullable Value value, Value.@Nullable Made through) {
        private static final Found NONE = new Found(null, null);
    }

    /** What the act of this name picks, its default included; null where there is neither. */
    @Nullable
    Value picked(Call call, String what) {
        Row.Act act = call.row().act(what);
        if (act == null) {
            return null;
        }
        Value value = value(call, act.pick());
        return value == null ? standard(act.pick()) : value;
    }

    @Nullable
    Value value(Call call, Pick pick) {
        return find(call, pick, value -> !value.equals(Value.NOTHING)).value();
    }

    /** Also the language's null, where that is what is given. */
    @Nullable
    Value raw(Call call, Pick pick) {
        return find(call, pick, value -> true).value();
    }

    /** The first that is there and wanted. */
    Found find(Call call, Pick pick, Predicate<Value> wanted) {
        for (List<Pick.Step> path : pick.paths()) {
            Found found = follow(path, call);
            if (found.value() != null && wanted.test(found.value())) {
                return found;
            }
        }
        return Found.NONE;
    }

    /** The default of a pick; null where it has none. */
    @Nullable
    Value standard(Pick pick) {
        String text = pick.standard();
        if (text == null || text.equals("-")) {
            return null;
        }
        int equals = text.indexOf('=');
        String variable = text.startsWith("$") && equals > 0 ? text.substring(1, equals) : null;
        Value given = run.variables.known(variable);
        if (given != null) {
            return given;
        }
        String plain = variable == null ? text : text.substring(equals + 1);
        Long number = Values.number(plain);
        return new Value.Scalar(number == null ? plain : number, variable, variable != null);
    }

    Found follow(List<Pick.Step> path, Call call) {
        Value at = null;
        Value.@Nullable Made through = null;
        for (int i = 0; i < path.size(); i++) {
            if (i > 0 && at == null) {
                return Found.NONE;
            }
            Value from = at;
            switch (path.get(i)) {
                case Pick.Step.Owner _ -> at = call.receiver();
                case Pick.Step.Last _ -> {
                    List<Value> all = call.given().positional();
                    at = all.isEmpty() ? null : all.getLast();
                }
                case Pick.Step.Rest(int first) ->
                    at = run.items(call.given().after(first).positional());
                case Pick.Step.Kept(String name) -> at = kept.get(name);
                case Pick.Step.Options(int first) -> at = options(call.given(), first);
                case Pick.Step.Argument(int position, String name) -> {
                    through = from instanceof Value.Made made ? made : through;
                    at = switch (from) {
                        case null -> call.given().find(position, name);
                        case Value.Instance instance
                        when instance.inherited() instanceof Value.Made made ->
                            made.arguments().find(position, name);
                        case Value.Made made -> made.arguments().find(position, name);
                        case Value.Items items -> items.at(position);
                        default -> null;
                    };
                }
                case Pick.Step.Field(String name) -> {
                    through = null;
                    at = field(from, name);
                }
            }
        }
        return new Found(at, through);
    }

    private @Nullable Value field(@Nullable Value object, String name) {
        Value found = switch (object) {
            case Value.Made made -> made.fields().get(name);
            case Value.Instance instance -> instance.fields().get(name);
            case Value.Entries entries -> {
                Value known = entries.cells().get(name);
                yield known == null && entries.open()
                        ? Values.unknown("the options of the server are not known")
                        : known;
            }
            case Value.Unknown unknown -> unknown;
            case null, default -> null;
        };
        return found == null ? null : run.members.force(found);
    }

    private static @Nullable Value options(Arguments given, int from) {
        Value unknown = null;
        for (Value value : given.after(from).positional()) {
            if (value instanceof Value.Entries) {
                return value;
            }
            unknown = value instanceof Value.Unknown && from > 0 ? value : unknown;
        }
        return unknown;
    }
}
