package dev.panoptes.core.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScriptParserTest {
    private static Script parse(String exe, String command) {
        return ScriptParser.parse(exe, Arrays.asList(command.split(" ")), "/srv/a");
    }

    private static String told(String exe, String command) {
        return switch (parse(exe, command)) {
            case Script.File(String path, String directory) -> "file " + path + " in " + directory;
            case Script.Entry(String path, String directory, boolean _) -> "file " + path + " in " + directory;
            case Script.PythonModule(String name, String directory) -> "module " + name + " in " + directory;
            case Script.JavaClass(String name, List<String> classPath, String ignored) ->
                "class " + name + " of " + classPath;
            case Script.Untold() -> "untold";
            case Script.Native() -> "native";
        };
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "python3 main.py --port 80                  | file main.py in /srv/a",
                "python3 -u -B /opt/x/main.py               | file /opt/x/main.py in /srv/a",
                "python3 -W ignore -X dev main.py           | file main.py in /srv/a",
                "python3 -Wignore -OO main.py               | file main.py in /srv/a",
                "python3 --check-hash-based-pycs never x.py | file x.py in /srv/a",
                "python3 -m agents.hermes -v                | module agents.hermes in /srv/a",
                "python3 -um http.server 8000               | module http.server in /srv/a",
                "python3 -mhermes                           | module hermes in /srv/a",
                "python3 -c pass                            | untold",
                "python3 -Ic pass x.py                      | untold",
                "python3 -                                  | untold",
                "python3                                    | untold",
                "python3 -- main.py                         | file main.py in /srv/a",
                "python3 /venv/bin/uvicorn hermes:app --port 80               | module hermes in /srv/a",
                "python3 /venv/bin/uvicorn --app-dir src agents.hermes:app    | module agents.hermes in /srv/a/src",
                "python3 -m uvicorn hermes:create --factory --host localhost  | module hermes in /srv/a",
                "python3 /venv/bin/gunicorn -b localhost:8000 --chdir=/opt/x hermes:app   | module hermes in /opt/x",
                "python3 /venv/bin/gunicorn -w 4 wsgi:build() -b 0.0.0.0:80   | module wsgi in /srv/a",
                "python3 /venv/bin/fastapi run main.py      | file main.py in /srv/a",
                "python3 /venv/bin/uvicorn                  | untold"
            })
    void pythonRunsItsFirstArgumentAModuleOrAnApplication(String command, String told) {
        assertThat(told("/usr/bin/python3.11", command)).isEqualTo(told);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/usr/bin/node          | node x.js                                | file x.js in /srv/a",
                "/usr/bin/node          | node -r dotenv/config --inspect=0 x.js   | file x.js in /srv/a",
                "/usr/bin/node          | node --import tsx src/x.ts               | file src/x.ts in /srv/a",
                "/usr/bin/nodejs        | node -e 1                                | untold",
                "/usr/bin/node          | node -- x.js                             | file x.js in /srv/a",
                "/usr/bin/dash          | sh -ex run.sh start                      | file run.sh in /srv/a",
                "/usr/bin/bash          | bash -o pipefail /opt/run.sh             | file /opt/run.sh in /srv/a",
                "/usr/bin/bash          | bash -lc ./run.sh                        | untold",
                "/usr/bin/bash          | -bash                                    | untold",
                "/usr/bin/ruby3.1       | ruby -rjson -I lib app.rb                | file app.rb in /srv/a",
                "/usr/bin/ruby3.1       | ruby -e 1                                | untold",
                "/usr/bin/perl          | perl -Mstrict -w -I lib app.pl           | file app.pl in /srv/a",
                "/usr/bin/perl          | perl -ne 1 file                          | untold",
                "/usr/bin/php8.2        | php -d x=1 -S 0.0.0.0:80 index.php       | file index.php in /srv/a",
                "/usr/bin/deno          | deno run --allow-net main.ts             | file main.ts in /srv/a",
                "/usr/local/bin/hermes  | hermes main.py                           | native",
                "/usr/bin/python3-config| python3-config x                         | native"
            })
    void otherInterpretersRunTheirScript(String exe, String command, String told) {
        assertThat(told(exe, command)).isEqualTo(told);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "java -Xmx1g -jar app.jar -port 1         | file app.jar in /srv/a",
                "java -cp a.jar:lib/b.jar com.x.Main 1    | class com.x.Main of [a.jar, lib/b.jar]",
                "java --class-path=a.jar -Da=b Main       | class Main of [a.jar]",
                "java --add-opens java.base/x=y -ea Main  | class Main of []",
                "java -p mods -m a/b.Main                 | class a/b.Main of []",
                "java Server.java                         | file Server.java in /srv/a",
                "java @args Main                          | untold"
            })
    void javaRunsAJarAClassOrASource(String command, String told) {
        assertThat(told("/usr/lib/jvm/x/bin/java", command)).isEqualTo(told);
    }

    @Test
    void aTitleTellsNothing() {
        assertThat(ScriptParser.parse("/usr/bin/python3.11", List.of("gunicorn: master [hermes]"), "/"))
                .isEqualTo(new Script.Untold());
        assertThat(ScriptParser.parse("/usr/bin/node", List.of("npm start", "", "x"), "/"))
                .isEqualTo(new Script.Untold());
    }

    @Test
    void withoutAnExecutableTheFirstArgumentStandsForIt() {
        assertThat(ScriptParser.parse(null, List.of("/usr/bin/python3", "x.py"), null))
                .isEqualTo(new Script.Entry("x.py", "", false));
        assertThat(ScriptParser.parse(null, List.of(), null)).isEqualTo(new Script.Native());
    }
}
