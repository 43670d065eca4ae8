package dev.panoptes.code.run;

import dev.panoptes.code.syntax.Expression;
import dev.panoptes.code.syntax.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Objects of classes that declare their fields: dataclasses, named tuples, Pydantic models and settings. */
final class PythonTypes {
    private static final int DEEPEST = 20;
    private static final Set<String> DATA_CLASSES = Set.of("dataclass", "define", "frozen", "attrs");
    private static final Set<String> FIELD_CALLS = Set.of("Field()", "field()", "attrib()", "ib()");
    /** Marks a field without a default. */
    private static final Value.Unknown MISSING = Values.unknown("a field without a default");

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
        if (kind == Kind.PLAIN || type.scope().names.get("__init__") != null) {
            return null;
        }
        Value.Instance instance = run.instance(type, site);
        Map<String, Value> fields = new LinkedHashMap<>();
        fields(type, run, fields, 0);
        Settings settings = kind == Kind.SETTINGS ? Settings.of(type, run) : null;
        int position = 0;
        for (Map.Entry<String, Value> field : fields.entrySet()) {
            Value given = arguments.find(kind == Kind.DATA ? position : -1, field.getKey());
            position++;
            Value value = given != null ? given : standard(field.getKey(), field.getValue(), settings, run);
            instance.fields().put(field.getKey(), value);
        }
        arguments.named().forEach((name, value) -> {
            if (!fields.containsKey(name)) {
                instance.fields().put(name, value);
            }
        });
        for (String hook : List.of("__post_init__", "model_post_init")) {
            if (run.members.memberOrNull(instance, hook) instanceof Value.Routine routine) {
                run.evaluator.call(routine, Arguments.NONE, site);
            }
        }
        return instance;
    }

    /** A Pydantic model or settings class that does not define this method itself. */
    static boolean inheritsFromModel(Value.Type type, String method, Interpreter run) {
        Kind kind = kind(type, run, 0);
        return type.scope().names.get(method) == null && (kind == Kind.MODEL || kind == Kind.SETTINGS);
    }

    private static Kind kind(Value.Type type, Interpreter run, int depth) {
        Statement.DefineType definition = type.definition();
        if (depth > DEEPEST || definition == null) {
            return Kind.PLAIN;
        }
        if (definition.decorators().stream().anyMatch(each -> DATA_CLASSES.contains(Expression.lastName(each)))) {
            return Kind.DATA;
        }
        return type.bases().stream()
                .map(base -> switch (run.members.force(base)) {
                    case Value.Foreign foreign -> kind(foreign.path());
                    case Value.Type inner when !inner.equals(type) -> kind(inner, run, depth + 1);
                    default -> Kind.PLAIN;
                })
                .filter(kind -> kind != Kind.PLAIN)
                .findFirst()
                .orElse(Kind.PLAIN);
    }

    private static Kind kind(String base) {
        return switch (base.substring(base.lastIndexOf('.') + 1)) {
            case "BaseSettings" -> Kind.SETTINGS;
            case "BaseModel", "SQLModel", "Struct" -> Kind.MODEL;
            case "NamedTuple" -> Kind.DATA;
            default -> Kind.PLAIN;
        };
    }

    private static Stream<Value.Type> above(Value.Type type, Interpreter run) {
        return type.bases().stream()
                .map(run.members::force)
                .filter(base -> base instanceof Value.Type && !base.equals(type))
                .map(Value.Type.class::cast);
    }

    /** Declared fields with their defaults, those of base classes first; {@link #MISSING} where there is none. */
    private static void fields(Value.Type type, Interpreter run, Map<String, Value> fields, int depth) {
        Statement.DefineType definition = type.definition();
        if (depth > DEEPEST || definition == null) {
            return;
        }
        above(type, run).forEach(inner -> fields(inner, run, fields, depth + 1));
        for (Statement statement : definition.body()) {
            if (statement instanceof Statement.Assign assign
                    && assign.target() instanceof Expression.Name name
                    && (assign.type() != null || fields.containsKey(name.name()))
                    && !isClassVariable(assign.type())) {
                Value value = assign.value() == null ? null : type.scope().names.get(name.name());
                fields.put(name.name(), value == null ? MISSING : value);
            }
        }
    }

    private static boolean isClassVariable(@Nullable Expression type) {
        return type instanceof Expression.Index index
                && Expression.lastName(index.object()).equals("ClassVar");
    }

    /** Of a settings class: what stands before its variables, between them and those of their fields, and the files that it reads. */
    private record Settings(String prefix, String delimiter, Map<String, Value> file) {
        static Settings of(Value.Type type, Interpreter run) {
            Value files = setting("env_file", type, run, 0);
            String folder = type.scope().module.folder();
            Map<String, Value> variables = new LinkedHashMap<>();
            // Of several files the later ones count.
            for (Value file : files instanceof Value.Items items
                    ? items.values()
                    : files == null ? List.<Value>of() : List.of(files)) {
                String name = PythonPaths.pathText(file);
                if (name != null && !name.isEmpty()) {
                    variables.putAll(Dotenv.near(folder, name, run.modules));
                }
            }
            return new Settings(config("env_prefix", type, run), config("env_nested_delimiter", type, run), variables);
        }

        /** Names of settings are the same in upper and lower case (pydantic-settings, case_sensitive). */
        @Nullable
        Value inFile(String variable) {
            Value found = null;
            for (Map.Entry<String, Value> one : file.entrySet()) {
                found = one.getKey().equalsIgnoreCase(variable) ? one.getValue() : found;
            }
            return found;
        }
    }

    private static Value standard(String name, Value declared, @Nullable Settings settings, Interpreter run) {
        String variable = settings == null ? null : (settings.prefix() + name).toUpperCase(Locale.ROOT);
        Value value = declared;
        if (declared instanceof Value.Made made
                && FIELD_CALLS.contains(made.path().substring(made.path().lastIndexOf('.') + 1))) {
            String alias = settings == null ? null : alias(made.arguments());
            variable = alias == null ? variable : alias;
            value = fieldDefault(made, run);
        }
        if (settings == null || variable == null) {
            return value.equals(MISSING) ? Values.unknown(name + " has no default") : value;
        }
        Value given = given(variable, settings, run);
        if (given != null) {
            return given;
        }
        if (value instanceof Value.Instance model && !settings.delimiter().isEmpty()) {
            nested(variable, model, settings, run);
        }
        if (value.equals(MISSING)) {
            return Environment.undecided(variable);
        }
        return value instanceof Value.Scalar scalar
                ? new Value.Scalar(scalar.value(), scalar.variable() == null ? variable : scalar.variable(), true)
                : value;
    }

    private static @Nullable Value given(String variable, Settings settings, Interpreter run) {
        Value given = run.given(variable);
        return given == null ? settings.inFile(variable) : given;
    }

    /** A variable of its own for each field of a model: {@code HTTP__PORT}. */
    private static void nested(String prefix, Value.Instance model, Settings settings, Interpreter run) {
        for (Object field : List.copyOf(model.fields().cells().keySet())) {
            String variable =
                    prefix + settings.delimiter() + String.valueOf(field).toUpperCase(Locale.ROOT);
            Value given = given(variable, settings, run);
            Value known = model.fields().get(field);
            if (given != null) {
                model.fields().put(field, given);
            } else if (known instanceof Value.Scalar scalar) {
                model.fields().put(field, new Value.Scalar(scalar.value(), variable, true));
            }
        }
    }

    private static Value fieldDefault(Value.Made made, Interpreter run) {
        Map<String, Value> named = made.arguments().named();
        Value standard = named.get("default");
        Value factory = named.getOrDefault("default_factory", named.getOrDefault("factory", Value.NOTHING));
        if (standard == null && !factory.equals(Value.NOTHING)) {
            return run.evaluator.call(factory, Arguments.NONE, made.site());
        }
        Value first = made.arguments().first();
        return standard != null ? standard : first == null || first instanceof Value.Foreign ? MISSING : first;
    }

    private static @Nullable String alias(Arguments given) {
        return Stream.of("env", "validation_alias", "alias")
                .map(name -> given.named().get(name))
                .map(value -> value instanceof Value.Items items ? items.at(0) : value)
                .map(value -> value instanceof Value.Made choices
                        ? choices.arguments().first()
                        : value)
                .map(Values::text)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** A setting of {@code model_config}, of {@code Config} or of the class statement, inherited too; empty where there is none or it is no text. */
    private static String config(String setting, Value.Type type, Interpreter run) {
        String text = Values.text(setting(setting, type, run, 0));
        return text == null ? "" : text;
    }

    private static @Nullable Value setting(String setting, Value.Type type, Interpreter run, int depth) {
        Store names = type.scope().names;
        Value given = switch (names.get("model_config")) {
            case Value.Made made -> made.arguments().named().get(setting);
            case Value.Entries entries -> entries.cells().get(setting);
            case null, default -> null;
        };
        if (given == null && names.get("Config") instanceof Value.Type inner) {
            given = inner.scope().names.get(setting);
        }
        Statement.DefineType definition = type.definition();
        for (Expression.Argument argument :
                given != null || definition == null ? List.<Expression.Argument>of() : definition.arguments()) {
            if (setting.equals(argument.name())
                    && argument.value() instanceof Expression.Literal(Object text)
                    && text instanceof String) {
                given = Values.constant(text);
            }
        }
        if (given != null || depth >= DEEPEST) {
            return given;
        }
        return above(type, run)
                .map(inner -> setting(setting, inner, run, depth + 1))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }
}
