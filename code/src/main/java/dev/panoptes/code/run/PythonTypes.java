package dev.panoptes.code.run;

import dev.panoptes.code.syntax.Expression;
import dev.panoptes.code.syntax.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Objects of classes that declare their fields: dataclasses, named tuples, Pydantic models and settings. */
final class PythonTypes {
    private PythonTypes() {}

    private enum Kind {
        PLAIN,
        DATA,
        MODEL,
        SETTINGS
    }

    /** Null for a class that makes its objects in the ordinary way. */
    static @Nullable Value create(Value.Type type, Arguments arguments, Site site, Interpreter run) {
        Kind kind = kind(type, run, 0);
        Value own = type.scope().names().get("__init__");
        if (kind == Kind.PLAIN || own != null) {
            return null;
        }
        Value.Instance instance = new Value.Instance(type, new Store(run.journal()), site);
        Map<String, Value> fields = new LinkedHashMap<>();
        fields(type, run, fields, 0);
        String prefix = kind == Kind.SETTINGS ? prefix(type, run, 0) : "";
        String named = kind == Kind.SETTINGS ? config("env_file", type, run, 0) : "";
        Map<String, String> file =
                named.isEmpty() ? Map.of() : Dotenv.near(type.scope().module().folder(), named, run);
        int position = 0;
        for (Map.Entry<String, Value> field : fields.entrySet()) {
            Value given = arguments.find(kind == Kind.DATA ? position : -1, field.getKey());
            position++;
            Value value = given != null ? given : standard(field.getKey(), field.getValue(), kind, prefix, file, run);
            instance.fields().put(field.getKey(), value);
        }
        arguments.named().forEach((name, value) -> {
            if (!fields.containsKey(name)) {
                instance.fields().put(name, value);
            }
        });
        for (String hook : List.of("__post_init__", "model_post_init")) {
            if (run.evaluator().memberOrNull(instance, hook) instanceof Value.Routine routine) {
                run.evaluator().call(routine, Arguments.NONE, site);
            }
        }
        return instance;
    }

    /** A Pydantic model or settings class that does not define this method itself. */
    static boolean inheritsFromModel(Value.Type type, String method, Interpreter run) {
        return type.scope().names().get(method) == null
                && (kind(type, run, 0) == Kind.MODEL || kind(type, run, 0) == Kind.SETTINGS);
    }

    private static Kind kind(Value.Type type, Interpreter run, int depth) {
        Statement.DefineType definition = type.definition();
        if (depth > 20 || definition == null) {
            return Kind.PLAIN;
        }
        for (Expression decorator : definition.decorators()) {
            Expression named = decorator instanceof Expression.Call call ? call.function() : decorator;
            String name = switch (named) {
                case Expression.Name plain -> plain.name();
                case Expression.Member member -> member.name();
                default -> "";
            };
            if (name.equals("dataclass") || name.equals("define") || name.equals("frozen") || name.equals("attrs")) {
                return Kind.DATA;
            }
        }
        for (Value base : type.bases()) {
            switch (run.evaluator().force(base)) {
                case Value.Foreign foreign -> {
                    String path = foreign.path();
                    if (path.endsWith(".BaseSettings")) {
                        return Kind.SETTINGS;
                    }
                    if (path.endsWith(".BaseModel") || path.endsWith(".SQLModel") || path.endsWith(".Struct")) {
                        return Kind.MODEL;
                    }
                    if (path.equals("typing.NamedTuple")) {
                        return Kind.DATA;
                    }
                }
                case Value.Type inner
                when inner != type -> {
                    Kind kind = kind(inner, run, depth + 1);
                    if (kind != Kind.PLAIN) {
                        return kind;
                    }
                }
                default -> {}
            }
        }
        return Kind.PLAIN;
    }

    /** Declared fields with their defaults, those of base classes first; NOTHING-valued {@link Missing} where there is none. */
    private static void fields(Value.Type type, Interpreter run, Map<String, Value> fields, int depth) {
        Statement.DefineType definition = type.definition();
        if (depth > 20 || definition == null) {
            return;
        }
        for (Value base : type.bases()) {
            if (run.evaluator().force(base) instanceof Value.Type inner && inner != type) {
                fields(inner, run, fields, depth + 1);
            }
        }
        for (Statement statement : definition.body()) {
            if (statement instanceof Statement.Assign assign
                    && assign.target() instanceof Expression.Name name
                    && (assign.type() != null || fields.containsKey(name.name()))
                    && !isClassVariable(assign.type())) {
                Value value =
                        assign.value() == null ? null : type.scope().names().get(name.name());
                fields.put(name.name(), value == null ? Missing.FIELD : value);
            }
        }
    }

    private static boolean isClassVariable(@Nullable Expression type) {
        return type instanceof Expression.Index index
                && (index.object().equals(new Expression.Name("ClassVar"))
                        || (index.object() instanceof Expression.Member member
                                && member.name().equals("ClassVar")));
    }

    /** Marks a field without a default. */
    private static final class Missing {
        static final Value.Unknown FIELD = new Value.Unknown("a field without a default", null);
    }

    private static Value standard(
            String name,
            Value declared,
            Kind kind,
            String prefix,
            Map<String, String> environmentFile,
            Interpreter run) {
        Value value = declared;
        String variable = kind == Kind.SETTINGS ? (prefix + name).toUpperCase(Locale.ROOT) : null;
        if (declared instanceof Value.Made made
                && (made.path().endsWith("Field()")
                        || made.path().endsWith(".field()")
                        || made.path().endsWith("attrib()")
                        || made.path().endsWith(".ib()"))) {
            String alias = alias(made);
            variable = kind == Kind.SETTINGS && alias != null ? alias : variable;
            value = fieldDefault(made, run);
        }
        Value set = variable == null ? null : run.given(variable);
        if (set == null && variable != null) {
            // Names of settings are the same in upper and lower case (pydantic-settings, case_sensitive).
            for (Map.Entry<String, String> one : environmentFile.entrySet()) {
                set = one.getKey().equalsIgnoreCase(variable) ? Values.constant(one.getValue()) : set;
            }
        }
        if (set != null) {
            return set;
        }
        if (value.equals(Missing.FIELD)) {
            return variable == null
                    ? Values.unknown(name + " has no default")
                    : new Value.Unknown(
                            "the environment variable " + variable + " decides and has no default", variable);
        }
        return variable != null && value instanceof Value.Scalar scalar
                ? new Value.Scalar(scalar.value(), scalar.variable() == null ? variable : scalar.variable(), true)
                : value;
    }

    private static Value fieldDefault(Value.Made made, Interpreter run) {
        Value standard = made.arguments().named().get("default");
        Value factory = made.arguments().named().get("default_factory");
        factory = factory == null ? made.arguments().named().get("factory") : factory;
        if (standard == null && factory != null) {
            return run.evaluator().call(factory, Arguments.NONE, made.site());
        }
        Value first = made.arguments().first();
        if (standard == null && first instanceof Value.Foreign) {
            return Missing.FIELD;
        }
        return standard != null ? standard : first != null ? first : Missing.FIELD;
    }

    private static @Nullable String alias(Value.Made made) {
        for (String name : List.of("env", "validation_alias", "alias")) {
            Value value = made.arguments().named().get(name);
            if (value instanceof Value.Items items && items.size() > 0) {
                value = items.at(0);
            }
            if (value instanceof Value.Made choices) {
                value = choices.arguments().first();
            }
            String text = Values.text(value);
            if (text != null) {
                return text;
            }
        }
        return null;
    }

    private static String prefix(Value.Type type, Interpreter run, int depth) {
        return config("env_prefix", type, run, depth);
    }

    /** A setting of {@code model_config} or {@code Config}, inherited too; empty where there is none. */
    private static String config(String setting, Value.Type type, Interpreter run, int depth) {
        Value config = type.scope().names().get("model_config");
        Value given = switch (config) {
            case Value.Made made -> made.arguments().named().get(setting);
            case Value.Entries entries -> entries.cells().get(setting);
            case null, default -> null;
        };
        if (given == null && type.scope().names().get("Config") instanceof Value.Type inner) {
            given = inner.scope().names().get(setting);
        }
        Statement.DefineType definition = type.definition();
        if (given == null && definition != null) {
            for (Expression.Argument argument : definition.arguments()) {
                if (setting.equals(argument.name())
                        && argument.value() instanceof Expression.Literal literal
                        && literal.value() instanceof String text) {
                    return text;
                }
            }
        }
        String text = Values.text(given);
        if (text == null && depth < 20) {
            List<String> inherited = new ArrayList<>();
            for (Value base : type.bases()) {
                if (run.evaluator().force(base) instanceof Value.Type inner && inner != type) {
                    inherited.add(config(setting, inner, run, depth + 1));
                }
            }
            return inherited.stream().filter(one -> !one.isEmpty()).findFirst().orElse("");
        }
        return text == null ? "" : text;
    }
}
