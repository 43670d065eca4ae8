package dev.panoptes.code.run;

import dev.panoptes.code.syntax.Expression;
import dev.panoptes.code.syntax.GoReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What Go's packages do that no table can say: what passes a port or a name on, and what answers. */
final class GoLibrary {
    private static final Pattern TAG = Pattern.compile("(\\w+):\"([^\"]{0,200})\"");

    private GoLibrary() {}

    static @Nullable Value member(Value object, String name, Interpreter run) {
        switch (object) {
            case Value.Instance instance -> {
                if (instance.fields().get(name) == null) {
                    return embedded(instance, name, run);
                }
            }
            case Value.Foreign foreign -> {
                if (foreign.path().equals("os") && name.equals("Args")) {
                    return Values.unknown("it is given on the command line");
                }
                if (foreign.receiver() instanceof Value.Made made) {
                    return made.fields().get(foreign.path() + "[" + name + "]");
                }
            }
            default -> {}
        }
        return null;
    }

    /** A member of an embedded struct. */
    private static @Nullable Value embedded(Value.Instance instance, String name, Interpreter run) {
        if (instance.type().scope().names().get(name) != null || instance.type().definition() == null) {
            return null;
        }
        for (var base : instance.type().definition().bases()) {
            String type = switch (base) {
                case Expression.Name plain -> plain.name();
                case Expression.Member member -> member.name();
                default -> "";
            };
            Value inner = instance.fields().get(type);
            Value found = inner == null ? null : run.evaluator().memberOrNull(inner, name);
            if (found != null) {
                return found;
            }
            if (inner == null
                    && instance.type().scope().find(type) instanceof Value.Type known
                    && known.scope().names().get(name) instanceof Value.Routine routine) {
                return routine.bound(instance);
            }
        }
        return null;
    }

    static @Nullable Value special(String what, LibraryCalls.Call call, Interpreter run) {
        Arguments given = call.given();
        Value first = given.first();
        return switch (what) {
            case "builtin" -> builtin(call.path(), first, given, run);
            case "option" ->
                first instanceof Value.Scalar scalar
                        ? new Value.Scalar(scalar.value(), scalar.variable(), true)
                        : first;
            case "lookup" ->
                run.items(List.of(
                        run.variables().read(first, null),
                        run.variables().known(Values.text(first)) == null
                                ? Values.unknown("whether it is set is not known")
                                : Values.constant(true)));
            case "join" -> {
                Value port = given.find(1, "");
                String host = Values.text(first);
                String number = port == null ? null : Values.shown(port);
                yield port instanceof Value.Scalar scalar && number != null
                        ? scalar.with((host == null ? "" : host) + ":" + number)
                        : port;
            }
            case "or" -> or(given);
            case "fill" -> {
                boolean prefixed = call.path().startsWith("envconfig");
                if ((prefixed ? given.find(1, "") : first) instanceof Value.Instance instance) {
                    fill(instance, prefixed ? Values.text(first) : "", run);
                }
                yield Value.NOTHING;
            }
            case "execute" -> {
                if (call.receiver() instanceof Value.Made command) {
                    execute(command, call.site(), run);
                }
                yield Value.NOTHING;
            }
            case "add-command" -> {
                if (call.receiver() instanceof Value.Made command) {
                    given.positional()
                            .forEach(inner ->
                                    command.fields().put("#" + command.fields().size(), inner));
                }
                yield Value.NOTHING;
            }
            case "answer" -> {
                Value answer = run.libraries().picked(call, "of");
                if (call.path().endsWith("Fprintf") && answer instanceof Value.Scalar format) {
                    answer = TextParts.formatted(format, given.after(2).positional());
                }
                boolean status = answer instanceof Value.Scalar scalar && scalar.text() == null;
                if (answer != null && !status) {
                    run.answered().add(tagged(answer, run, 0));
                }
                yield Value.NOTHING;
            }
            case "group" -> group(call, run);
            default -> throw new IllegalStateException("special=" + what + " is not known");
        };
    }

    /** A router below a prefix. */
    private static Value group(LibraryCalls.Call call, Interpreter run) {
        Value.Made inner = run.made(call.path() + "()", call.receiver(), call.given(), call.site());
        List<Value> given = call.given().positional();
        String prefix = Values.text(call.given().first());
        if (call.receiver() != null) {
            run.recorder().mount(new Recorder.Mount(call.receiver(), inner, prefix == null ? "" : prefix));
        }
        if (!given.isEmpty() && given.getLast() instanceof Value.Routine routine) {
            run.callBack(routine, Arguments.of(inner), call.site());
        }
        return inner;
    }

    private static @Nullable Value builtin(String path, @Nullable Value first, Arguments given, Interpreter run) {
        if (path.endsWith("#pairs")) {
            return pairs(first, run);
        }
        if (path.endsWith("len")) {
            return first instanceof Value.Scalar scalar && scalar.text() != null
                    ? scalar.with((long) String.valueOf(scalar.text()).length())
                    : Values.unknown("its length is not known");
        }
        if (!(first instanceof Value.Items items)) {
            return null;
        }
        List<Value> all = items.values();
        all.addAll(given.after(1).positional());
        return run.items(all);
    }

    private static Value or(Arguments given) {
        Value result = Value.NOTHING;
        for (Value value : given.positional()) {
            if (Boolean.TRUE.equals(Values.truth(value))) {
                return result.equals(Value.NOTHING) ? value : Values.join(result, value);
            }
            if (Values.truth(value) == null) {
                result = result.equals(Value.NOTHING) ? value : Values.join(result, value);
            }
        }
        return result;
    }

    private static Value pairs(@Nullable Value over, Interpreter run) {
        List<Value> pairs = new ArrayList<>();
        switch (over) {
            case Value.Items items
            when !items.open() ->
                items.values()
                        .forEach(value -> pairs.add(run.items(List.of(Values.constant((long) pairs.size()), value))));
            case Value.Entries entries
            when !entries.open() ->
                entries.cells().cells().forEach((key, value) -> pairs.add(run.items(List.of(run.key(key), value))));
            case null, default -> {
                return Values.unknown("its items are not known");
            }
        }
        return run.items(pairs);
    }

    /** Fields from environment variables, as tags say. */
    private static void fill(Value.Instance instance, @Nullable String prefix, Interpreter run) {
        instance.type().scope().names().cells().forEach((key, value) -> {
            String name = String.valueOf(key);
            if (!name.startsWith(GoReader.TAG)) {
                return;
            }
            Map<String, String> tags = tags(Values.text(value));
            String field = name.substring(GoReader.TAG.length());
            String variable = tags.getOrDefault("env", tags.get("envconfig"));
            if (variable == null && prefix != null && !prefix.isEmpty()) {
                variable = (prefix + "_" + field).toUpperCase(Locale.ROOT);
            }
            if (variable == null) {
                return;
            }
            String plain = variable.contains(",") ? variable.substring(0, variable.indexOf(',')) : variable;
            String standard = tags.getOrDefault("envDefault", tags.getOrDefault("default", tags.get("env-default")));
            Value set = run.given(plain);
            if (set != null) {
                instance.fields().put(field, set);
                return;
            }
            Value read = new Value.Unknown("the environment variable " + plain + " decides and has no default", plain);
            instance.fields().put(field, standard == null ? read : Values.join(read, Values.constant(standard)));
        });
        run.step();
    }

    private static Map<String, String> tags(@Nullable String text) {
        Map<String, String> tags = new LinkedHashMap<>();
        Matcher matcher = TAG.matcher(text == null ? "" : text);
        while (matcher.find()) {
            tags.put(matcher.group(1), matcher.group(2));
        }
        return tags;
    }

    private static void execute(Value.Made command, Site site, Interpreter run) {
        for (String name : List.of("PersistentPreRun", "PreRun", "Run", "RunE")) {
            Value function = command.fields().get(name);
            if (function != null) {
                run.callBack(function, new Arguments(List.of(), Map.of(), true), site);
            }
        }
        for (Map.Entry<Object, Value> field :
                new LinkedHashMap<>(command.fields().cells()).entrySet()) {
            if (String.valueOf(field.getKey()).startsWith("#") && field.getValue() instanceof Value.Made inner) {
                execute(inner, site, run);
            }
        }
    }

    /** A struct as JSON names its fields. */
    private static Value tagged(Value value, Interpreter run, int depth) {
        if (value instanceof Value.Made made && depth < 5 && made.path().startsWith("json.Marshal")) {
            Value first = made.arguments().first();
            return first == null ? value : tagged(first, run, depth + 1);
        }
        if (!(value instanceof Value.Instance instance)) {
            return value;
        }
        Map<String, Value> named = new LinkedHashMap<>();
        instance.fields().cells().forEach((field, content) -> {
            String tag = tags(Values.text(instance.type().scope().names().get(GoReader.TAG + field)))
                    .get("json");
            String name = tag == null || tag.isEmpty() || tag.startsWith(",") ? String.valueOf(field) : tag;
            named.put(name.contains(",") ? name.substring(0, name.indexOf(',')) : name, content);
        });
        Value.Entries entries = run.entries(named);
        return new Value.Entries(entries.cells(), Map.of(), instance.site());
    }
}
