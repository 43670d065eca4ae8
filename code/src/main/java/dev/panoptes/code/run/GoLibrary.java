package dev.panoptes.code.run;

import dev.panoptes.code.syntax.Expression;
import dev.panoptes.code.syntax.GoReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Go's library: what passes a port or a name on, and what answers; servers are in {@link GoServers}. */
final class GoLibrary {
    private static final Pattern TAG = Pattern.compile("(\\w+):\"([^\"]{0,200})\"");
    private static final Map<String, String> TEXTS = Map.of(
            "strings.ToUpper", "upper",
            "strings.ToLower", "lower",
            "strings.TrimSpace", "strip",
            "strings.TrimPrefix", "removeprefix",
            "strings.TrimSuffix", "removesuffix",
            "strings.HasPrefix", "startswith",
            "strings.HasSuffix", "endswith",
            "strings.ReplaceAll", "replace",
            "strings.Split", "split",
            "strings.Title", "title");

    private final Map<String, Value> settings = new HashMap<>();

    @Nullable
    Value member(Value object, String name, Interpreter run) {
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

    @Nullable
    Value call(String path, @Nullable Value receiver, Arguments given, Site site, Interpreter run) {
        Value first = given.first();
        if ((path.equals("log.Fatal") || path.equals("log.Panic"))
                && given.positional().isEmpty()) {
            // A chained logger: it ends the program when the message is sent, after its arguments are known.
            return null;
        }
        if (path.startsWith("log.Fatal().") && path.matches(".*\\.(Msg|Msgf|Send)")) {
            throw new Interpreter.Exit();
        }
        String text = TEXTS.get(path);
        if (text != null) {
            return first == null ? null : PythonTexts.call(text, first, given.after(1), run);
        }
        switch (path) {
            case "builtin.string", "builtin.int", "builtin.int64", "builtin.uint16", "builtin.new" -> {
                return first == null ? Value.NOTHING : first;
            }
            case "builtin.#option" -> {
                return first instanceof Value.Scalar scalar
                        ? new Value.Scalar(scalar.value(), scalar.variable(), true)
                        : first;
            }
            case "builtin.#pairs" -> {
                return pairs(first, run);
            }
            case "builtin.len" -> {
                return first instanceof Value.Scalar scalar && scalar.text() != null
                        ? scalar.with((long) String.valueOf(scalar.text()).length())
                        : Values.unknown("its length is not known");
            }
            case "builtin.append" -> {
                if (first instanceof Value.Items items) {
                    List<Value> all = items.values();
                    all.addAll(given.after(1).positional());
                    return run.items(all);
                }
                return null;
            }
            case "builtin.panic",
                    "os.Exit",
                    "log.Fatal",
                    "log.Fatalf",
                    "log.Fatalln",
                    "log.Panic",
                    "log.Panicf",
                    "klog.Fatal",
                    "logrus.Fatal",
                    "logrus.Fatalf" -> throw new Interpreter.Exit();
            case "os.Getenv", "os.ExpandEnv", "syscall.Getenv" -> {
                return variable(first, run);
            }
            case "os.LookupEnv" -> {
                return run.items(List.of(
                        variable(first, run),
                        run.given(Values.text(first)) == null
                                ? Values.unknown("whether it is set is not known")
                                : Values.constant(true)));
            }
            case "os.Setenv" -> {
                String name = Values.text(first);
                Value value = given.find(1, "");
                if (name != null && value != null) {
                    settings.put("$" + name, value);
                }
                return Value.NOTHING;
            }
            case "godotenv.Load", "godotenv.Overload" -> {
                Dotenv.near(site.module().folder(), Values.text(first), run).forEach((name, value) -> {
                    if (run.given(name) == null || path.endsWith("Overload")) {
                        settings.put("$" + name, Values.constant(value));
                    }
                });
                return Value.NOTHING;
            }
            case "flag.Int", "flag.String", "flag.Uint", "flag.Int64", "pflag.Int", "pflag.String", "kingpin.Flag" -> {
                Value passed = Options.passed(run.arguments(), Values.text(first));
                Value standard = given.find(1, "");
                return passed != null
                        ? passed
                        : standard instanceof Value.Scalar scalar
                                ? new Value.Scalar(scalar.value(), scalar.variable(), true)
                                : standard;
            }
            case "pflag.IntP", "pflag.StringP" -> {
                Value passed = Options.passed(run.arguments(), Values.text(first), Values.text(given.find(1, "")));
                if (passed != null) {
                    return passed;
                }
                Value standard = given.find(2, "");
                return standard instanceof Value.Scalar scalar
                        ? new Value.Scalar(scalar.value(), scalar.variable(), true)
                        : standard;
            }
            case "viper.SetDefault", "viper.Set" -> {
                String name = Values.text(first);
                Value value = given.find(1, "");
                if (name != null && value != null) {
                    settings.put(name.toLowerCase(Locale.ROOT), value);
                }
                return Value.NOTHING;
            }
            case "viper.GetInt", "viper.GetString", "viper.Get", "viper.GetUint16" -> {
                String name = Values.text(first);
                Value known = name == null ? null : settings.get(name.toLowerCase(Locale.ROOT));
                return known instanceof Value.Scalar scalar
                        ? new Value.Scalar(scalar.value(), scalar.variable(), true)
                        : Values.unknown("a configuration file decides");
            }
            case "strconv.Atoi", "strconv.ParseInt", "strconv.ParseUint", "cast.ToInt" -> {
                Long number = Values.number(first);
                Value value = number != null && first instanceof Value.Scalar scalar
                        ? scalar.with(number)
                        : first instanceof Value.Unknown ? first : Values.unknown("it is no number");
                return run.items(List.of(value, Values.unknown("whether it failed is not known")));
            }
            case "strconv.Itoa", "strconv.FormatInt", "fmt.Sprint" -> {
                String shown = first == null ? null : Values.shown(first);
                return shown != null && first instanceof Value.Scalar scalar
                        ? scalar.with(shown)
                        : first instanceof Value.Unknown
                                ? first
                                : Values.unknown("it is computed while the program runs");
            }
            case "fmt.Sprintf" -> {
                return sprintf(first, given.after(1));
            }
            case "net.JoinHostPort" -> {
                Value port = given.find(1, "");
                String host = Values.text(first);
                String number = port == null ? null : Values.shown(port);
                return port instanceof Value.Scalar scalar && number != null
                        ? scalar.with((host == null ? "" : host) + ":" + number)
                        : port;
            }
            case "cmp.Or" -> {
                return or(given);
            }
            case "env.Parse", "envconfig.Process", "envconfig.MustProcess", "cleanenv.ReadEnv" -> {
                Value target = path.startsWith("envconfig") ? given.find(1, "") : first;
                if (target instanceof Value.Instance instance) {
                    fill(instance, path.startsWith("envconfig") ? Values.text(first) : "", run);
                }
                return Value.NOTHING;
            }
            case "http.HandlerFunc", "http.StripPrefix" -> {
                return given.positional().isEmpty() ? null : given.positional().getLast();
            }
            default -> {}
        }
        if (path.endsWith("Command().Execute")
                || path.endsWith("Command().ExecuteContext")
                || path.endsWith("Command().ExecuteC")) {
            if (receiver instanceof Value.Made command) {
                execute(command, site, run);
            }
            return Value.NOTHING;
        }
        if (path.endsWith("Command().AddCommand") && receiver instanceof Value.Made command) {
            given.positional()
                    .forEach(
                            inner -> command.fields().put("#" + command.fields().size(), inner));
            return Value.NOTHING;
        }
        if (answered(path, given, run)) {
            return Value.NOTHING;
        }
        if (GoServers.binds(path, receiver, given, site, run)) {
            return Value.NOTHING;
        }
        return GoServers.routes(path, receiver, given, site, run);
    }

    private Value variable(@Nullable Value name, Interpreter run) {
        String variable = Values.text(name);
        Value known = variable == null ? null : settings.get("$" + variable);
        known = known == null ? run.given(variable) : known;
        if (known != null) {
            return known;
        }
        return variable == null
                ? Values.unknown("an environment variable decides")
                : new Value.Unknown("the environment variable " + variable + " decides and has no default", variable);
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

    private static Value sprintf(@Nullable Value format, Arguments values) {
        return format instanceof Value.Scalar scalar && scalar.text() != null
                ? TextParts.formatted(scalar, values.positional())
                : Values.unknown("it is put together while the program runs");
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

    private static boolean answered(String path, Arguments given, Interpreter run) {
        String method = path.substring(path.lastIndexOf('.') + 1);
        Value answer = null;
        if (path.startsWith("response()") && !given.positional().isEmpty()) {
            boolean json = Set.of(
                            "JSON",
                            "IndentedJSON",
                            "PureJSON",
                            "Write",
                            "WriteString",
                            "Send",
                            "SendString",
                            "JSONPretty",
                            "String",
                            "Data")
                    .contains(method);
            answer = json ? lastContent(given) : null;
        } else if (path.equals("json.NewEncoder().Encode")
                || path.equals("render.JSON")
                || path.equals("io.WriteString")) {
            answer = given.positional().isEmpty() ? null : given.positional().getLast();
        } else if (path.equals("fmt.Fprint") || path.equals("fmt.Fprintln")) {
            answer = given.find(1, "");
        } else if (path.equals("fmt.Fprintf")) {
            answer = sprintf(given.find(1, ""), given.after(2));
        }
        if (answer == null) {
            return false;
        }
        run.answered().add(tagged(answer, run, 0));
        return true;
    }

    private static @Nullable Value lastContent(Arguments given) {
        Value last = given.positional().getLast();
        return last instanceof Value.Scalar scalar && scalar.text() == null ? null : last;
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
