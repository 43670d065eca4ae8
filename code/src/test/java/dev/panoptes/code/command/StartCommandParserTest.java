package dev.panoptes.code.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.code.PortValue;
import dev.panoptes.code.library.Row;
import dev.panoptes.code.library.Table;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class StartCommandParserTest {
    static List<Row> servers() {
        return List.copyOf(Table.commands().rows());
    }

    /** Every row of the table of servers: its option, its default, its variable. */
    @ParameterizedTest
    @MethodSource("servers")
    void everyServerIsKnownByItsOptions(Row row) {
        Row.Act ports = row.act("ports");
        Row.Act addresses = row.act("addresses");
        String option = ports != null
                ? ports.text().split(",")[0] + " 8014"
                : row.has("positional")
                        ? "8014"
                        : Objects.requireNonNull(addresses).text().split(",")[0] + " 0.0.0.0:8014";
        String application = row.has("positional") ? "" : " main:app";
        String verb = row.words("verbs").stream()
                .sorted()
                .findFirst()
                .map(" "::concat)
                .orElse("");
        String command = row.path() + verb + application + " ";
        Row.Act standard = row.act("standard");
        Row.Act variable = row.act("variable");

        assertThat(port(command + option, Map.of())).isEqualTo("8014");
        assertThat(port(command, Map.of())).isEqualTo(standard == null ? "?" : standard.text());
        if (variable != null) {
            assertThat(port(command, Map.of(variable.text(), "8015"))).isEqualTo("8015");
        }
    }

    private static String port(String line, Map<String, String> environment) {
        StartedProgram started = Objects.requireNonNull(ServerCommand.named(line.substring(0, line.indexOf(' '))))
                .launch(
                        Stream.of(line.split(" "))
                                .skip(1)
                                .map(Word.Expanded::literal)
                                .toList(),
                        environment);
        return started.port() instanceof PortValue.Known known ? String.valueOf(known.port()) : "?";
    }

    private static final Map<String, String> ENVIRONMENT = Map.of("SET", "9001", "APP", "hermes:app");

    @ParameterizedTest
    @CsvSource(
            delimiter = '¦',
            nullValues = "-",
            quoteCharacter = '`',
            value = {
                // python
                "python server.py ¦ python ¦ server.py ¦ -",
                "python3.12 -u server.py ¦ python ¦ server.py ¦ -",
                "/opt/fleet/venv/bin/python /opt/fleet/agents/atlas/atlas.py ¦ python ¦"
                        + " /opt/fleet/agents/atlas/atlas.py ¦ -",
                "python3 -W ignore -X dev -O server.py ¦ python ¦ server.py ¦ -",
                "python3 -Wignore -uO server.py ¦ python ¦ server.py ¦ -",
                "python -m pkg.mod ¦ python ¦ pkg.mod ¦ -",
                "python -um pkg.mod --port 8014 ¦ python ¦ pkg.mod ¦ 8014",
                "python -c 'import x; x.run(port=8014)' ¦ python ¦ - ¦ -",
                "python - ¦ python ¦ - ¦ -",
                "python server.py --port 8014 ¦ python ¦ server.py ¦ 8014",
                "python server.py --port=8014 ¦ python ¦ server.py ¦ 8014",
                "python server.py --db-port 5432 ¦ python ¦ server.py ¦ -",
                "python -m http.server 8123 ¦ python ¦ http.server ¦ 8123",
                "python -m http.server --bind 127.0.0.1 -d /srv 8123 ¦ python ¦ http.server ¦ 8123",
                "python -m http.server ¦ python ¦ http.server ¦ 8000",
                "python manage.py runserver 0.0.0.0:8014 ¦ python ¦ manage.py ¦ 8014",
                "python manage.py runserver 8014 ¦ python ¦ manage.py ¦ 8014",
                "python manage.py migrate ¦ python ¦ manage.py ¦ -",
                "./server.py ¦ python ¦ ./server.py ¦ -",
                // uvicorn
                "uvicorn hermes:app --host 0.0.0.0 --port 8014 ¦ uvicorn ¦ hermes:app ¦ 8014",
                "uvicorn --port=8014 --host 0.0.0.0 a.b:app ¦ uvicorn ¦ a.b:app ¦ 8014",
                "python -m uvicorn hermes:app --port 8014 ¦ uvicorn ¦ hermes:app ¦ 8014",
                "/venv/bin/python /venv/bin/uvicorn hermes:app --port 8014 ¦ uvicorn ¦ hermes:app ¦ 8014",
                "/venv/bin/uvicorn --reload --no-access-log --workers 4 hermes:app --port 8014 ¦ uvicorn ¦ hermes:app"
                        + " ¦ 8014",
                "uvicorn hermes:create --factory --port 8014 ¦ uvicorn ¦ hermes:create ¦ 8014",
                "uvicorn hermes:app ¦ uvicorn ¦ hermes:app ¦ 8000",
                "uvicorn hermes:app --uds /run/h.sock ¦ uvicorn ¦ hermes:app ¦ ?",
                "uvicorn hermes:app --port 8014 --port 8015 ¦ uvicorn ¦ hermes:app ¦ 8015",
                "uvicorn hermes:app --port 0 ¦ uvicorn ¦ hermes:app ¦ ?",
                "uvicorn hermes:app --port 99999 ¦ uvicorn ¦ hermes:app ¦ ?",
                // other servers
                "gunicorn -b 0.0.0.0:8014 app:app ¦ gunicorn ¦ app:app ¦ 8014",
                "gunicorn --bind=0.0.0.0:8014 app:app ¦ gunicorn ¦ app:app ¦ 8014",
                "gunicorn --bind :8014 app:app ¦ gunicorn ¦ app:app ¦ 8014",
                "gunicorn -w 4 -k uvicorn.workers.UvicornWorker -b [::]:8014 app:app ¦ gunicorn ¦ app:app ¦ 8014",
                "gunicorn -w4 -b0.0.0.0:8014 app:app --preload ¦ gunicorn ¦ app:app ¦ 8014",
                "gunicorn --preload wsgi -b 127.0.0.1:8014 ¦ gunicorn ¦ wsgi ¦ 8014",
                "gunicorn app:app -b unix:/run/x.sock ¦ gunicorn ¦ app:app ¦ ?",
                "gunicorn app:app ¦ gunicorn ¦ app:app ¦ ?",
                "gunicorn -c conf.py app:app ¦ gunicorn ¦ app:app ¦ ?",
                "hypercorn -b 0.0.0.0:8014 app:app ¦ hypercorn ¦ app:app ¦ 8014",
                "hypercorn app:app ¦ hypercorn ¦ app:app ¦ 8000",
                "daphne -b 0.0.0.0 -p 8014 proj.asgi:application ¦ daphne ¦ proj.asgi:application ¦ 8014",
                "granian --interface asgi --port 8014 main:app ¦ granian ¦ main:app ¦ 8014",
                "waitress-serve --port=8041 app:app ¦ waitress-serve ¦ app:app ¦ 8041",
                "waitress-serve --listen=*:8041 app:app ¦ waitress-serve ¦ app:app ¦ 8041",
                "streamlit run dash.py --server.port 8501 ¦ streamlit ¦ dash.py ¦ 8501",
                "flask --app x run -p 8014 ¦ flask ¦ x ¦ 8014",
                "flask --app=x.py run --host=0.0.0.0 --port=8014 ¦ flask ¦ x.py ¦ 8014",
                "FLASK_APP=svc.py flask run ¦ flask ¦ svc.py ¦ 5000",
                "python -m flask --app x run ¦ flask ¦ x ¦ 5000",
                "fastapi run main.py --port 8014 ¦ fastapi ¦ main.py ¦ 8014",
                "fastapi dev ¦ fastapi ¦ - ¦ 8000",
                // other languages
                "node server.js ¦ node ¦ server.js ¦ -",
                "nodejs --max-old-space-size=512 -r dotenv/config dist/server.js --port 3000 ¦ node ¦ dist/server.js ¦"
                        + " 3000",
                "node -e 'require(x)' ¦ node ¦ - ¦ -",
                "npm start ¦ npm ¦ - ¦ -",
                "npm run serve -- --port 8014 ¦ npm ¦ - ¦ 8014",
                "npx tsx src/server.ts ¦ tsx ¦ src/server.ts ¦ -",
                "ts-node server.ts ¦ ts-node ¦ server.ts ¦ -",
                "next start -p 3000 ¦ next ¦ - ¦ 3000",
                "bun run server.ts ¦ bun ¦ server.ts ¦ -",
                "java -Xmx512m -jar app.jar --server.port=8014 ¦ java ¦ app.jar ¦ 8014",
                "java -Dserver.port=8014 -jar app.jar ¦ java ¦ app.jar ¦ 8014",
                "java -cp lib/*:app.jar com.example.Main ¦ java ¦ com.example.Main ¦ -",
                "go run main.go ¦ go ¦ main.go ¦ -",
                "go run ./cmd/atlas ¦ go ¦ ./cmd/atlas ¦ -",
                "php -S 0.0.0.0:8080 -t public ¦ php ¦ - ¦ 8080",
                "/opt/fleet/bin/atlas ¦ - ¦ - ¦ -",
                "/opt/fleet/bin/atlas -port 8014 ¦ - ¦ - ¦ 8014",
                "/opt/fleet/bin/atlas --listen :8014 ¦ - ¦ - ¦ 8014",
                "/opt/fleet/bin/atlas -addr 0.0.0.0:8014 ¦ - ¦ - ¦ 8014",
                "redis_exporter --addr redis:6379 ¦ - ¦ - ¦ -",
                "bash start.sh ¦ sh ¦ start.sh ¦ -",
                "./start.sh --port 8014 ¦ sh ¦ ./start.sh ¦ 8014",
                "docker run --rm -p 8014:80 image ¦ docker ¦ - ¦ 8014",
                "docker run -p 127.0.0.1:8014:80 image ¦ docker ¦ - ¦ 8014",
                "docker compose up ¦ docker ¦ - ¦ ?",
                "sleep infinity ¦ - ¦ - ¦ -",
                // prefixes
                "env PORT=8014 python server.py ¦ python ¦ server.py ¦ -",
                "PORT=8014 python server.py ¦ python ¦ server.py ¦ -",
                "sudo -u fleet -E python server.py ¦ python ¦ server.py ¦ -",
                "nice -n 5 ionice -c 2 -n 7 nohup python server.py ¦ python ¦ server.py ¦ -",
                "exec python server.py ¦ python ¦ server.py ¦ -",
                "timeout -k 5 1h python server.py ¦ python ¦ server.py ¦ -",
                "tini -g -- python server.py ¦ python ¦ server.py ¦ -",
                "dumb-init -- uvicorn a:app --port 8014 ¦ uvicorn ¦ a:app ¦ 8014",
                "poetry run uvicorn a:app --port 8014 ¦ uvicorn ¦ a:app ¦ 8014",
                "uv run --with x uvicorn a:app --port 8014 ¦ uvicorn ¦ a:app ¦ 8014",
                "uv run server.py ¦ python ¦ server.py ¦ -",
                "uv run -m pkg.mod ¦ python ¦ pkg.mod ¦ -",
                "uv run python -m pkg.mod ¦ python ¦ pkg.mod ¦ -",
                "pipenv run gunicorn a:app -b :8014 ¦ gunicorn ¦ a:app ¦ 8014",
                "conda run -n agents --no-capture-output python server.py ¦ python ¦ server.py ¦ -",
                "su fleet -c 'python server.py --port 8014' ¦ python ¦ server.py ¦ 8014",
                "runuser -u fleet -- python server.py ¦ python ¦ server.py ¦ -",
                // shells
                "sh -c 'uvicorn a:app --port 8014' ¦ uvicorn ¦ a:app ¦ 8014",
                "bash -lc \"exec uvicorn a:app --port 8014\" ¦ uvicorn ¦ a:app ¦ 8014",
                "bash -c 'sh -c \"python server.py\"' ¦ python ¦ server.py ¦ -",
                "alembic upgrade head && uvicorn a:app --port 8014 ¦ uvicorn ¦ a:app ¦ 8014",
                "python migrate.py; python server.py ¦ python ¦ server.py ¦ -",
                "python server.py 2>&1 | tee log ¦ python ¦ server.py ¦ -",
                "python server.py > /var/log/x 2>&1 ¦ python ¦ server.py ¦ -",
                "python server.py || exit 1 ¦ python ¦ server.py ¦ -",
                "python server.py & wait ¦ python ¦ server.py ¦ -",
                "source venv/bin/activate && python server.py ¦ python ¦ server.py ¦ -",
                ". venv/bin/activate && (exec python server.py) ¦ python ¦ server.py ¦ -",
                "while true; do python server.py; sleep 5; done ¦ python ¦ server.py ¦ -",
                "if [ -f a ]; then python a.py; else python b.py; fi ¦ sh ¦ - ¦ ?",
                "python server.py # --port 9999 ¦ python ¦ server.py ¦ -",
                // variables
                "uvicorn $APP --port $SET ¦ uvicorn ¦ hermes:app ¦ 9001",
                "uvicorn a:app --port ${SET} ¦ uvicorn ¦ a:app ¦ 9001",
                "uvicorn a:app --port ${SET:-8014} ¦ uvicorn ¦ a:app ¦ 9001",
                "uvicorn a:app --port ${UNSET:-8014} ¦ uvicorn ¦ a:app ¦ 8014",
                "uvicorn a:app --port ${UNSET:-${ALSO:-8014}} ¦ uvicorn ¦ a:app ¦ 8014",
                "uvicorn a:app --port \"${UNSET-8014}\" ¦ uvicorn ¦ a:app ¦ 8014",
                "uvicorn a:app --port $UNSET ¦ uvicorn ¦ a:app ¦ ?",
                "uvicorn a:app --port $(cat port) ¦ uvicorn ¦ a:app ¦ ?",
                "gunicorn a:app -b 0.0.0.0:${UNSET:-8014} ¦ gunicorn ¦ a:app ¦ 8014",
                "gunicorn a:app -b 0.0.0.0:$UNSET ¦ gunicorn ¦ a:app ¦ ?",
                "export PORT=8014 && uvicorn a:app --port $PORT ¦ uvicorn ¦ a:app ¦ 8014",
                "sh -c 'uvicorn a:app --port ${SET}' ¦ uvicorn ¦ a:app ¦ 9001",
                "uvicorn a:app $OPTIONS ¦ uvicorn ¦ a:app ¦ ?",
                "uvicorn $OPTIONS --port 8014 a:app ¦ uvicorn ¦ a:app ¦ 8014",
                "python server.py $OPTIONS ¦ python ¦ server.py ¦ ?",
                "python server.py --config $CONFIG ¦ python ¦ server.py ¦ -",
                "exec python server.py \"$@\" ¦ python ¦ server.py ¦ -",
                "python $HOME/server.py ¦ python ¦ - ¦ -",
                "uvicorn a:app --port 80%i ¦ uvicorn ¦ a:app ¦ ?",
            })
    void reads_a_shell_line(String command, String runner, String module, String port) {
        StartCommand start = StartCommandParser.ofShell(command, ENVIRONMENT, 7);

        assertThat(start).isNotNull();
        assertThat(start.runner()).isEqualTo(runner);
        assertThat(start.module()).isEqualTo(module);
        assertThat(portText(start.port())).isEqualTo(port);
        assertThat(start.line()).isEqualTo(7);
    }

    private static String portText(PortValue port) {
        return switch (port) {
            case null -> null;
            case PortValue.Known known -> String.valueOf(known.port());
            case PortValue.Unresolved unresolved -> "?";
        };
    }

    @Test
    void reads_an_argument_list() {
        StartCommand start =
                StartCommandParser.ofArguments(List.of("sh", "-c", "uvicorn a:app --port ${PORT:-8014}"), Map.of(), 3);

        assertThat(start.module()).isEqualTo("a:app");
        assertThat(start.port()).isEqualTo(new PortValue.Known(8014, "PORT"));
        assertThat(start.text()).isEqualTo("sh -c uvicorn a:app --port ${PORT:-8014}");
    }

    @Test
    void keeps_the_variable_that_another_environment_could_set() {
        assertThat(StartCommandParser.ofShell("uvicorn a:app --port $SET", ENVIRONMENT, 1)
                        .port())
                .isEqualTo(new PortValue.Known(9001, "SET"));
        assertThat(StartCommandParser.ofShell("uvicorn a:app --port 9001", ENVIRONMENT, 1)
                        .port())
                .isEqualTo(new PortValue.Known(9001, null));
        assertThat(StartCommandParser.ofShell("uvicorn a:app", ENVIRONMENT, 1).port())
                .isEqualTo(new PortValue.Known(8000, "UVICORN_PORT"));
        assertThat(StartCommandParser.ofShell("uvicorn a:app --port $NONE", ENVIRONMENT, 1)
                        .port())
                .isInstanceOfSatisfying(
                        PortValue.Unresolved.class,
                        unresolved -> assertThat(unresolved.variable()).isEqualTo("NONE"));
    }

    @Test
    void a_servers_own_variable_decides_where_the_command_line_passes_no_port() {
        assertThat(StartCommandParser.ofShell("uvicorn a:app", Map.of("UVICORN_PORT", "8014"), 1)
                        .port())
                .isEqualTo(new PortValue.Known(8014, "UVICORN_PORT"));
        assertThat(StartCommandParser.ofShell("gunicorn a:app", Map.of("PORT", "8014"), 1)
                        .port())
                .isEqualTo(new PortValue.Known(8014, "PORT"));
    }

    @Test
    void remembers_where_it_changes_to_and_what_it_sets() {
        StartCommand start =
                StartCommandParser.ofShell("cd src && cd app && PORT=8014 DEBUG= python server.py", Map.of(), 1);
        assertThat(start.directory()).isEqualTo("src/app");
        assertThat(start.environment()).containsEntry("PORT", "8014").containsEntry("DEBUG", "");

        assertThat(StartCommandParser.ofShell("uvicorn --app-dir src a:app", Map.of(), 1)
                        .directory())
                .isEqualTo("src");
        assertThat(StartCommandParser.ofShell("env PORT=8014 python x.py", Map.of(), 1)
                        .environment())
                .isEqualTo(Map.of("PORT", "8014"));
    }

    @Test
    void blank_is_no_command() {
        assertThat(StartCommandParser.ofShell("  \n", Map.of(), 1)).isNull();
        assertThat(StartCommandParser.ofArguments(List.of(), Map.of(), 1)).isNull();
        assertThat(StartCommandParser.ofArguments(List.of(""), Map.of(), 1)).isNull();
    }

    @Test
    void hides_secrets_in_its_text() {
        StartCommand shell = StartCommandParser.ofShell("API_TOKEN=abc123 python x.py --api-key=abc123", Map.of(), 1);
        StartCommand arguments =
                StartCommandParser.ofArguments(List.of("python", "x.py", "--password", "abc123"), Map.of(), 1);

        assertThat(shell.text()).doesNotContain("abc123").contains("x.py");
        assertThat(arguments.text()).doesNotContain("abc123").contains("x.py");
    }

    @Test
    void survives_anything_quickly() {
        String[] pieces = {
            "python", "-m", "uvicorn", "a:app", "--port", "$", "${", "}", "$(", ")", "(", "'", "\"", "`", "\\", "&&",
            "||", ";", "|", "&", ">", "2>&1", "<<", "#", "\n", " ", "=", "PORT=", "sh -c ", "env ", "exec ", "sudo -u",
            "8014", ":", "[::]", "-b", "-p", "%i", "\u0000", "\uD800", "é", "-", "--", "if", "else", "cd", ":-",
                    "docker run -p "
        };
        Random random = new Random(42);
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            for (int round = 0; round < 5_000; round++) {
                StringBuilder line = new StringBuilder();
                for (int i = random.nextInt(30); i >= 0; i--) {
                    line.append(pieces[random.nextInt(pieces.length)]).append(random.nextBoolean() ? " " : "");
                }
                StartCommandParser.ofShell(line.toString(), ENVIRONMENT, 1);
                StartCommandParser.ofArguments(List.of(line.toString().split(" ")), ENVIRONMENT, 1);
            }
            for (String piece : pieces) {
                StartCommandParser.ofShell(piece.repeat(70_000), ENVIRONMENT, 1);
                StartCommandParser.ofShell((piece + " ").repeat(70_000), ENVIRONMENT, 1);
                StartCommandParser.ofArguments(
                        List.of((piece + " ").repeat(70_000).split(" ")), ENVIRONMENT, 1);
            }
        });
    }
}
