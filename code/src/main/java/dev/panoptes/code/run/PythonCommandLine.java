package dev.panoptes.code.run;

import dev.panoptes.code.syntax.Expression;
import dev.panoptes.code.syntax.Function;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Options of the command line: argparse, optparse, click, typer, fire, tornado.options. */
final class PythonCommandLine {
    private static final String PARSER = "argparse.ArgumentParser()";
    private static final Pattern AUTOMATIC = Pattern.compile("auto_envvar_prefix[\"']?\\s*[=:]\\s*[\"'](\\w+)[\"']");
    private static final String DECLARED = PythonArguments.DECLARED;
    private static final String COMMANDS = PythonArguments.COMMANDS;

    private final Interpreter run;
    private final Store commands;
    private final Store defined;
    private final Store filled;

    PythonCommandLine(Interpreter run) {
        this.run = run;
        this.commands = new Store(run.journal);
        this.defined = new Store(run.journal);
        this.filled = new Store(run.journal);
    }

    /** {@code tornado.options.define("port", default=8888)}. */
    Value define(Call call) {
        String option = call.text(0);
        Value standard = call.given().find(1, "default");
        if (option != null) {
            defined.put(option, Values.softened(standard == null ? Value.NOTHING : standard));
        }
        return Value.NOTHING;
    }

    /** {@code tornado.options.options.port}; null where nothing defines it. */
    @Nullable
    Value defined(String name) {
        return defined.get(name);
    }

    @Nullable
    Value call(Call call) {
        Value first = call.first();
        return switch (call.path()) {
            case "argparse.ArgumentParser", "optparse.OptionParser" ->
                run.made(PARSER, null, call.given(), call.site());
            case "typer.run", "fire.Fire" -> {
                if (first instanceof Value.Routine routine) {
                    filled.put(routine.function(), Value.NOTHING);
                }
                if (first != null) {
                    run.evaluator.call(first, Arguments.NONE, call.site());
                }
                yield Value.NOTHING;
            }
            case "typer.Typer()" -> {
                if (call.receiver() instanceof Value.Made made) {
                    each(made.fields().get("commands"), call.site());
                }
                yield Value.NOTHING;
            }
            default ->
                call.receiver() instanceof Value.Made parser && parser.path().equals(PARSER)
                        ? parser(parser, call)
                        : null;
        };
    }

    private void each(@Nullable Value commands, Site site) {
        if (commands instanceof Value.Items items) {
            items.values().forEach(command -> run.calls.callBack(command, Arguments.NONE, site));
        }
    }

    private @Nullable Value parser(Value.Made parser, Call call) {
        Arguments given = call.given();
        return switch (call.method()) {
            case "add_argument", "add_option" -> {
                String dest = dest(given);
                if (dest != null) {
                    parser.fields().put(dest, option(given));
                    flags(given).forEach(flag -> parser.fields().put(DECLARED + flag, declared(dest, given)));
                }
                yield Value.NOTHING;
            }
            // The options of every command end up in one namespace.
            case "add_argument_group", "add_mutually_exclusive_group", "add_option_group", "add_parser" -> parser;
            case "add_subparsers" -> {
                parser.fields().put(DECLARED + COMMANDS, Value.NOTHING);
                String dest = Values.text(given.named().get("dest"));
                if (dest != null) {
                    parser.fields().put(dest, passedOnly(null));
                }
                yield parser;
            }
            case "set_defaults" -> {
                given.named().forEach((name, value) -> {
                    Value known = parser.fields().get(name);
                    boolean function = value instanceof Value.Routine || value instanceof Value.Later;
                    Value soft = Values.softened(value);
                    parser.fields().put(name, known == null || !function ? soft : Values.join(known, value));
                });
                yield Value.NOTHING;
            }
            case "parse_args", "parse_known_args" -> {
                Value.Made namespace = run.made("types.SimpleNamespace()", null, Arguments.NONE, call.site());
                namespace.fields().putAll(parser.fields());
                PythonArguments.fill(namespace.fields(), run.start.arguments());
                yield call.method().equals("parse_args") ? namespace : run.items(List.of(namespace, passedOnly(null)));
            }
            default -> null;
        };
    }

    /** What {@link PythonArguments} asks for: where it is kept, and whether it takes one word, none or others. */
    private Value declared(String dest, Arguments given) {
        String action = String.valueOf(Values.text(given.named().get("action")));
        Value number = given.named().get("nargs");
        String takes = !action.equals("null") && !action.equals("store") && !action.equals("append")
                ? PythonArguments.NONE
                : number == null || "?".equals(Values.text(number)) ? PythonArguments.ONE : PythonArguments.OTHERS;
        return run.items(List.of(Values.constant(dest), Values.constant(takes)));
    }

    private static Value passedOnly(@Nullable String variable) {
        return new Value.Unknown("it is given on the command line", variable);
    }

    /** Where argparse keeps it: the long option, else the short one, else the name of the argument; null for none. */
    private static @Nullable String dest(Arguments given) {
        String dest = Values.text(given.named().get("dest"));
        String name = null;
        for (String flag : flags(given)) {
            if (!flag.startsWith("-") || flag.startsWith("--")) {
                name = flag;
                break;
            }
            name = flag;
        }
        return dest != null || name == null ? dest : plain(name);
    }

    private static String plain(String flag) {
        return flag.replaceFirst("^--?", "").replaceFirst("/.*", "").replace('-', '_');
    }

    private static List<String> flags(Arguments given) {
        return given.positional().stream()
                .filter(value -> Values.text(value) != null)
                .map(value -> String.valueOf(Values.text(value)))
                .toList();
    }

    private Value option(Arguments given) {
        String action = String.valueOf(Values.text(given.named().get("action")));
        boolean stores = action.equals("store_true") || action.equals("store_false");
        Value passed = passed(given);
        if (passed != null) {
            return stores ? Values.constant(action.equals("store_true")) : passed;
        }
        Value standard = given.named().get("default");
        if (standard == null && stores) {
            standard = Values.constant(action.equals("store_false"));
        }
        boolean option = flags(given).stream().anyMatch(flag -> flag.startsWith("-"))
                || given.named().containsKey("dest");
        boolean optional = option || "?".equals(Values.text(given.named().get("nargs")));
        return standard != null
                ? Values.softened(standard)
                : given.flag("required") || !optional ? passedOnly(null) : Values.softened(Value.NOTHING);
    }

    private @Nullable Value passed(Arguments given) {
        String[] names = flags(given).stream()
                .filter(flag -> flag.startsWith("-"))
                .map(flag -> flag.replaceFirst("^--?", ""))
                .toArray(String[]::new);
        return Options.passed(run.start.arguments(), names);
    }

    /** The value of a parameter that click, typer or fire fills; null where none of them does. */
    @Nullable
    Value option(Function.Parameter parameter, Value.Routine routine) {
        for (Expression decorator : routine.function().decorators()) {
            if (!(decorator instanceof Expression.Call call)
                    || !Set.of("option", "argument").contains(Expression.lastName(call.function()))) {
                continue;
            }
            Value value = run.evaluator.value(call, Interpreter.Frame.of(routine.closure()));
            if (value instanceof Value.Made made && parameter.name().equals(filledName(made.arguments()))) {
                Value passed = passed(made.arguments());
                passed = passed == null ? prefixed(parameter.name(), routine) : passed;
                return passed == null ? standard(made.arguments()) : passed;
            }
        }
        boolean fills = parameter.standard() != null
                && parameter.kind() != Function.Kind.REST
                && filled.get(routine.function()) != null;
        // typer and fire name an option after the parameter that it fills.
        String name = parameter.name();
        return fills ? Options.passed(run.start.arguments(), name, name.replace('_', '-')) : null;
    }

    /** What click's {@code auto_envvar_prefix} takes out of the environment: {@code APP_PORT}, of a command {@code APP_SERVE_PORT}. */
    private @Nullable Value prefixed(String parameter, Value.Routine routine) {
        Matcher prefix = AUTOMATIC.matcher(new String(routine.closure().module.source(), StandardCharsets.UTF_8));
        if (!prefix.find()) {
            return null;
        }
        String ending = "_" + parameter.toUpperCase(Locale.ROOT);
        return run.start.environment().entrySet().stream()
                .filter(variable -> variable.getKey().startsWith(prefix.group(1) + "_")
                        && variable.getKey().endsWith(ending))
                .findFirst()
                .map(variable -> Values.constant(variable.getValue()))
                .orElse(null);
    }

    /** The parameter that click fills: one that is named, else the last long option, else the first of all. */
    private static @Nullable String filledName(Arguments given) {
        String name = null;
        for (String flag : flags(given)) {
            if (!flag.startsWith("-")) {
                return plain(flag);
            }
            name = name == null || flag.startsWith("--") ? plain(flag) : name;
        }
        return name;
    }

    private static Value standard(Arguments given) {
        Value standard = given.named().get("default");
        Value variable = given.named().get("envvar");
        String name = Values.text(variable instanceof Value.Items items && items.size() > 0 ? items.at(0) : variable);
        if (standard == null && given.flag("is_flag")) {
            standard = Values.constant(false);
        }
        return standard instanceof Value.Scalar scalar
                ? new Value.Scalar(scalar.value(), name != null ? name : scalar.variable(), true)
                : standard != null ? standard : passedOnly(name);
    }

    /**
     * What typer fills a parameter with: {@code = typer.Option(8020)}, or {@code Annotated[int, typer.Option("--port")] = 8020}.
     *
     * @param standard the default of an annotated one; null where it has none
     * @return null where it is written otherwise
     */
    @Nullable
    Value typed(Value written, boolean annotated, @Nullable Value standard) {
        if (!(written instanceof Value.Made made) || !made.path().matches("typer\\.(Option|Argument)\\(\\)")) {
            return null;
        }
        Value passed = passed(made.arguments());
        Map<String, Value> named = new HashMap<>(made.arguments().named());
        Value first = annotated ? standard : made.arguments().first();
        if (first != null) {
            named.put("default", first);
        }
        return passed == null ? standard(new Arguments(List.of(), named, false)) : passed;
    }

    /** Registers a command with its group; null where the decorator is none of a command. */
    @Nullable
    Value decorate(Value decorator, Value function) {
        if (!(decorator instanceof Value.Made made)) {
            return null;
        }
        if (made.path().startsWith("click.Group().") && made.receiver() instanceof Value.Routine group) {
            append(commands, group.function(), function);
            return function;
        }
        if (!made.path().equals("typer.Typer().command()") && !made.path().equals("typer.Typer().callback()")) {
            return null;
        }
        if (function instanceof Value.Routine routine) {
            filled.put(routine.function(), Value.NOTHING);
        }
        if (made.receiver() instanceof Value.Made application) {
            append(application.fields(), "commands", function);
        }
        return function;
    }

    private void append(Store store, Object key, Value function) {
        if (store.get(key) instanceof Value.Items known) {
            known.cells().append(function);
        } else {
            store.put(key, run.items(List.of(function)));
        }
    }

    /** A group was called: one of its commands will be. */
    void called(Value.Routine routine) {
        each(commands.get(routine.function()), Site.of(routine.closure().module));
    }
}
