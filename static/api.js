/** The page to try the API: Swagger UI draws it from the API's own description. */

const place = document.getElementById("swagger-ui");

window.SwaggerUIBundle({
  url: place.dataset.spec,
  domNode: place,
  validatorUrl: null,
  docExpansion: "list",
  defaultModelsExpandDepth: -1,
  persistAuthorization: false,
  tryItOutEnabled: true,
});
