/* A model in a C99 program: bind data, evaluate, climb to the most probable point. Nothing is linked but the model's object. */
#define _POSIX_C_SOURCE 200112L
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "clicks.h"

enum { VISITS = 8, COORDINATES = 3, STEPS = 2000 };

/* Memory as bound models and workspaces need it; none for nothing. */
static void* memory_of(int64_t bytes) {
  void* made = NULL;
  if (bytes > 0 && posix_memalign(&made, LACUNA_ALIGNMENT, (size_t)bytes) != 0) exit(1);
  return made;
}

static int stop(const lacuna_error* error) {
  char words[256];
  clicks_message(error, words, sizeof words);
  fprintf(stderr, "%s\n", words);
  return 1;
}

int main(void) {
  const double wait[VISITS] = {0.2, 0.4, 0.5, 0.9, 1.3, 1.8, 2.4, 3.0};
  const double before[VISITS] = {1.1, 0.0, 2.3, 0.7, 0.0, 1.6, 0.7, 0.0};
  const uint8_t clicked[VISITS] = {1, 1, 1, 0, 0, 1, 0, 0};
  const uint8_t recorded[VISITS] = {1, 1, 1, 1, 0, 1, 1, 1};
  const uint32_t flags = LACUNA_JACOBIAN | LACUNA_NORMALISED;
  const lacuna_model* model = lacuna_clicks();
  clicks_inputs inputs = {0};
  lacuna_error error = {0, -1, -1};
  double point[COORDINATES] = {0, 0, 0}, slope[COORDINATES], values[COORDINATES], density = 0;
  int64_t bytes = 0;
  void *bound, *workspace, *other;
  int step, i, code = 0;

  inputs.Visit = VISITS;
  inputs.wait = wait;
  inputs.before = before;
  inputs.clicked = clicked;
  inputs.clicked_present = recorded;
  if (clicks_bind_size(&inputs, &bytes, &error) != LACUNA_OK) return stop(&error);
  bound = memory_of(bytes);
  if (clicks_bind_into(&inputs, 0, bound, bytes, &error) != LACUNA_OK) return stop(&error);
  workspace = memory_of(model->workspace_size(bound, LACUNA_ENTRY_LOG_DENSITY_GRADIENT, 1));
  other = memory_of(model->workspace_size(bound, LACUNA_ENTRY_CONSTRAIN, 1));

  for (step = 0; step < STEPS && code == LACUNA_OK; ++step) {
    code = model->log_density_gradient(bound, point, flags, workspace, &density, slope, &error);
    for (i = 0; i < COORDINATES; ++i) point[i] += 0.1 * slope[i];
  }
  if (code == LACUNA_OK) code = model->constrain(bound, point, other, values, &error);
  if (code != LACUNA_OK) return stop(&error);
  printf("log density %.6f, largest slope %.0e\n", density, fmax(fabs(slope[0]), fmax(fabs(slope[1]), fabs(slope[2]))));
  printf("base %.4f, hurry %.4f, habit %.4f\n", values[0], values[1], values[2]);
  free(other);
  free(workspace);
  free(bound);
  return 0;
}
