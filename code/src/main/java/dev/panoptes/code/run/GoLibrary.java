package dev.panoptes.code.run;

import dev.panoptes.code.syntax.Expression;
import dev.panoptes.code.syntax.GoReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What Go's packages do that no table can say: what passes a port or a name on, and what answers. */
final class GoLibrary extends Library {
    private static final Set<String> RUNS = Set.of("Run", "RunContext", "Start", "Execute");
    private static final int DEEPEST = 5;
    private static final Pattern TAG = Pattern.compile("(\\w+):\"([^\"]{0,200})\"");

    GoLibrary(Interpreter run) {
        super(run);
    }

    @Override
    protected @Nullable Value member(Value object, String name) {
        return switch (object) {
            case Value.Instance instance when instance.fields().get(name) == null -> embedded(instance, name);
            case Value.Foreign foreign
            when foreign.path().equals("os") && name.equals("Args") ->
                Values.unknown("it is given on the command line");
            default -> super.member(object, name);
        };
    }

    @Override
    protected @Nullable Value call(Call call) {
        Value known = super.call(call);
        if (known == null && RUNS.contains(call.method()) && call.receiver() != null) {
            functions(call.receiver(), call.site(), 0);
        }
        return known;
    }

    /** A hook or an action in a struct is called by the library that gets it, or that is told to run. */
    @Override
    void handedOver(Value argument, Site site) {
        functions(argument, site, 0);
    }

    private void functions(Value holder, Site site, int depth) {
        List<Value> inner = switch (holder) {
            case Value.Made made
            when depth == 0 || !made.arguments().named().isEmpty() ->
                List.copyOf(made.fields().values());
            case Value.Items items -> items.values();
            case Value.Entries entries -> List.copyOf(entries.cells().values());
            default -> List.of();
        };
        for (Value each : depth < DEEPEST ? inner : List.<Value>of()) {
            if (each instanceof Value.Routine) {
                run.calls.callBack(each, Arguments.OPEN, site);
            } else {
                functions(each, site, depth + 1);
            }
        }
    }

    /** A member of an embedded struct. */
    private @Nullable Value embedded(Value.Instance instance, String name) {
        Scope members = instance.type().scope();
        if (members.names.get(name) != null || instance.type().definition() == null) {
            return null;
        }
        for (Expression base : instance.type().definition().bases()) {
            String type = Expression.lastName(base);
            Value inner = instance.fields().get(type);
            Value found = inner == null ? null : run.members.memberOrNull(inner, name);
            if (found != null) {
                return found;
            }
            if (inner == null
                    && members.find(type) instanceof Value.Type known
                    && known.scope().names.get(name) instanceof Value.Routine routine) {
                return routine.bound(instance);
            }
        }
        return null;
    }

    @Override
    protected @Nullable Value operate(String operator, Value left, Value right) {
        // Exported functions begin with a capital letter as types do elsewhere: what one returns may well be nil.
        boolean compares = operator.equals("==") || operator.equals("!=");
        boolean called = left instanceof Value.Made made && made.path().endsWith("()");
        return compares && called && right.equals(Value.NOTHING) ? Values.decided() : null;
    }

    @Override
    protected @Nullable Value special(String what, Call call) {
        Value first = call.first();
        switch (what) {
            case "appended" -> {
                if (!(first instanceof Value.Items items)) {
                    return null;
                }
                List<Value> all = items.values();
                all.addAll(call.given().after(1).positional());
                return run.items(all);
            }
            case "pairs" -> {
                return pairs(first);
            }
            case "lookup" -> {
                boolean set = run.variables.known(call.text(0)) != null;
                return run.items(List.of(
                        run.variables.read(first, null),
                        set ? Values.constant(true) : Values.unknown("whether it is set is not known")));
            }
            case "join" -> {
                Value port = call.at(1);
                String number = port == null ? null : Values.shown(port);
                String host = call.text(0) == null ? "" : call.text(0);
                return port instanceof Value.Scalar scalar && number != null ? scalar.with(host + ":" + number) : port;
            }
            case "fill" -> {
                boolean prefixed = call.path().startsWith("envconfig");
                if ((prefixed ? call.at(1) : first) instanceof Value.Instance instance) {
                    fill(instance, prefixed ? call.text(0) : "");
                }
            }
            case "execute" -> {
                if (call.receiver() instanceof Value.Made command) {
                    execute(command, call.site());
                }
            }
            case "add-command" -> {
                if (call.receiver() instanceof Value.Made command) {
                    for (Value inner : call.given().positional()) {
                        command.fields().put("#" + command.fields().size(), inner);
                    }
                }
            }
            case "viper-variables" -> {
                boolean bound = call.method().equals("BindEnv");
                Value given = call.at(bound ? 1 : 0);
                run.libraries.keep(bound ? "#" + call.text(0) : call.method(), given == null ? Value.NOTHING : given);
            }
            case "viper" -> {
                return viper(String.valueOf(call.text(0)));
            }
            case "answer" -> answer(call);
            case "group" -> {
                return group(call);
            }
            default -> throw new IllegalStateException("special=" + what + " is not known");
        }
        return Value.NOTHING;
    }

    /** A setting of viper: by its variable, where it looks for one, else its default. */
    private Value viper(String key) {
        LibraryCalls libraries = run.libraries;
        Value standard = libraries.kept(key);
        String prefix = Values.text(libraries.kept("SetEnvPrefix"));
        String plain = libraries.kept("SetEnvKeyReplacer") == null ? key : key.replace('.', '_');
        String automatic = (prefix == null ? plain : prefix + "_" + plain).toUpperCase(Locale.ROOT);
        Value bound = libraries.kept("#" + key);
        String variable = bound != null && Values.text(bound) != null
                ? Values.text(bound)
                : bound != null || libraries.kept("AutomaticEnv") != null ? automatic : null;
        if (variable != null && variable.indexOf('.') < 0) {
            return run.variables.read(Values.constant(variable), standard);
        }
        return standard == null ? Values.unknown("a configuration of the program decides") : Values.softened(standard);
    }

    private void answer(Call call) {
        Value answer = run.libraries.picked(call, "of");
        if (call.path().endsWith("Fprintf") && answer instanceof Value.Scalar format) {
            answer = TextParts.formatted(format, call.given().after(2).positional());
        }
        boolean status = answer instanceof Value.Scalar scalar && scalar.text() == null;
        if (answer != null && !status) {
            run.answered.add(tagged(answer, 0));
        }
    }

    /** A router below a prefix. */
    private Value group(Call call) {
        Value.Made inner = run.made(call.path() + "()", call.receiver(), call.given(), call.site());
        List<Value> given = call.given().positional();
        if (call.receiver() != null) {
            run.mount(call.receiver(), inner, call.text(0));
        }
        if (!given.isEmpty() && given.getLast() instanceof Value.Routine routine) {
            run.calls.callBack(routine, Arguments.of(inner), call.site());
        }
        return inner;
    }

    private Value pairs(@Nullable Value over) {
        if (!(over instanceof Value.Items items) || items.open()) {
            return builtins.listed("items", over);
        }
        List<Value> pairs = new ArrayList<>();
        items.values().forEach(value -> pairs.add(run.items(List.of(Values.constant((long) pairs.size()), value))));
        return run.items(pairs);
    }

    /** Fields from environment variables, as tags say. */
    private void fill(Value.Instance instance, @Nullable String prefix) {
        instance.type().scope().names.cells().forEach((key, value) -> {
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
            if (variable != null) {
                String standard =
                        tags.getOrDefault("envDefault", tags.getOrDefault("default", tags.get("env-default")));
                Value otherwise = standard == null ? null : Values.constant(standard);
                instance.fields().put(field, run.variables.read(Values.constant(untilComma(variable)), otherwise));
            }
        });
        run.step();
    }

    private static String untilComma(String text) {
        return text.contains(",") ? text.substring(0, text.indexOf(',')) : text;
    }

    private static Map<String, String> tags(@Nullable String text) {
        Map<String, String> tags = new LinkedHashMap<>();
        Matcher matcher = TAG.matcher(text == null ? "" : text);
        while (matcher.find()) {
            tags.put(matcher.group(1), matcher.group(2));
        }
        return tags;
    }

    /** A command of cobra, and those below it: one of them will be called. */
    private void execute(Value.Made command, Site site) {
        for (String name : List.of("PersistentPreRun", "PreRun", "Run", "RunE")) {
            Value function = command.fields().get(name);
            if (function != null) {
                run.calls.callBack(function, Arguments.OPEN, site);
            }
        }
        new LinkedHashMap<>(command.fields().cells()).forEach((key, value) -> {
            if (String.valueOf(key).startsWith("#") && value instanceof Value.Made inner) {
                execute(inner, site);
            }
        });
    }

    /** A struct as JSON names its fields. */
    private Value tagged(Value value, int depth) {
        if (value instanceof Value.Made made && depth < 5 && made.path().startsWith("json.Marshal")) {
            Value first = made.arguments().first();
            return first == null ? value : tagged(first, depth + 1);
        }
        if (!(value instanceof Value.Instance instance)) {
            return value;
        }
        Map<String, Value> named = new LinkedHashMap<>();
        instance.fields().cells().forEach((field, content) -> {
            String tag = tags(Values.text(instance.type().scope().names.get(GoReader.TAG + field)))
                    .get("json");
            String name = tag == null || tag.isEmpty() || tag.startsWith(",") ? String.valueOf(field) : tag;
            named.put(untilComma(name), content);
        });
        return new Value.Entries(run.entries(named).cells(), Map.of(), instance.site());
    }
}
