package dev.panoptes.integrity.declared;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Routes that a small program names, and whatever may serve more than it names. */
final class LiteralRoutesTest {
    private static final String PROGRAM =
            "from fastapi import FastAPI\napp = FastAPI()\n@app.get('/health')\ndef h(): ...\n";

    @Test
    void routesOfPythonAndOfScripts() {
        assertThat(LiteralRoutes.of(PROGRAM + "@app.post( f\"/items/{id}\" )\n"))
                .containsExactly("/health", "/items/{id}");
        assertThat(LiteralRoutes.of(
                        "const app = require('express')();\napp.get('/a',f);app.all( `/b` , g); x.y.put(\"/c\",h)"))
                .containsExactly("/a", "/b", "/c");
        // Nothing stands before the point, or no handler follows: a call of something else.
        assertThat(LiteralRoutes.of("const app = require('express')();\n.get('/a', f); client.get('/b')"))
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "app.include_router(r)",
                "bp = Blueprint()",
                "app.mount('/x', y)",
                "app.add_api_route('/x')",
                "app.add_route(x)",
                "Route('/x')",
                "express.Router()",
                "app.use('/x', y)",
                "app.use( handler)",
                "app.register(x)",
                "app.route({",
                "require( './x')",
                "from './x'",
                "import('./x')",
                "from . import x",
                "from .x import y",
                "app.static('/x')",
                "Static()",
                "'<path:x>'",
                "'{x:path}'",
                "'/x/*'",
                "prefix='/x'",
                "basePath: x",
                "errorhandler(404)",
                "notFound",
                "Middleware",
                "before_request",
                "healthcheck()",
                "health_check",
                "createTerminus",
                "instrumentator",
                "createServer(x)",
                "class Handler:",
                "RequestHandler",
                "http_proxy",
                "graphql",
                "socket.io",
                "swagger",
                "openapi",
                "from x import *"
            })
    void nothingIsSaidOfOneThatMayServeMore(String line) {
        assertThat(LiteralRoutes.of(PROGRAM)).containsExactly("/health");
        assertThat(LiteralRoutes.of(PROGRAM + line + "\n")).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "amount(1)",
                "add_user(x)",
                "myRouter(x)",
                "app.use(=",
                "app.route(x)",
                "require('x')",
                "from x import y",
                "x /* y",
                "Handlers",
                "fromage.x"
            })
    void whatOnlyLooksLikeItSaysNothing(String line) {
        assertThat(LiteralRoutes.of(PROGRAM + line + "\n")).containsExactly("/health");
    }

    @ParameterizedTest
    @ValueSource(strings = {"import http.server", "expressly = 1", "class MyFlask(Base):", "app = Flask", "a koan"})
    void aProgramOfNoKnownFrameworkNamesNoRoutes(String line) {
        assertThat(LiteralRoutes.of(line + "\n@app.get('/health')\ndef h(): ...\n"))
                .isNull();
    }
}
