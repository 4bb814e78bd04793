#include "CXGBoost.h"

#include <dlfcn.h>
#include <stdio.h>

// Each line: our name, the library's symbol, parameter list, argument list. All of them return int.
#define CALLS(X)                                                                                                     \
    X(log_to, XGBRegisterLogCallback, (void (*sink)(const char *)), (sink))                                         \
    X(set_global_config, XGBSetGlobalConfig, (const char *config), (config))                                        \
    X(matrix_from_dense, XGDMatrixCreateFromDense, (const char *array, const char *config, cxgb_matrix *out),       \
      (array, config, out))                                                                                         \
    X(matrix_from_csr, XGDMatrixCreateFromCSR,                                                                      \
      (const char *indptr, const char *indices, const char *values, uint64_t columns, const char *config,           \
       cxgb_matrix *out),                                                                                           \
      (indptr, indices, values, columns, config, out))                                                              \
    X(proxy_create, XGProxyDMatrixCreate, (cxgb_matrix *out), (out))                                                     \
    X(matrix_slice, XGDMatrixSliceDMatrixEx,                                                                        \
      (cxgb_matrix matrix, const int *rows, uint64_t count, cxgb_matrix *out, int allow_groups),                    \
      (matrix, rows, count, out, allow_groups))                                                                     \
    X(matrix_set_info, XGDMatrixSetInfoFromInterface, (cxgb_matrix matrix, const char *field, const char *array),   \
      (matrix, field, array))                                                                                       \
    X(matrix_float_info, XGDMatrixGetFloatInfo,                                                                     \
      (cxgb_matrix matrix, const char *field, uint64_t *count, const float **values),                               \
      (matrix, field, count, values))                                                                               \
    X(matrix_rows, XGDMatrixNumRow, (cxgb_matrix matrix, uint64_t *rows), (matrix, rows))                           \
    X(matrix_columns, XGDMatrixNumCol, (cxgb_matrix matrix, uint64_t *columns), (matrix, columns))                  \
    X(matrix_free, XGDMatrixFree, (cxgb_matrix matrix), (matrix))                                                   \
    X(booster_create, XGBoosterCreate, (const cxgb_matrix *matrices, uint64_t count, cxgb_booster *out),            \
      (matrices, count, out))                                                                                       \
    X(booster_free, XGBoosterFree, (cxgb_booster booster), (booster))                                               \
    X(booster_set_param, XGBoosterSetParam, (cxgb_booster booster, const char *name, const char *value),            \
      (booster, name, value))                                                                                       \
    X(booster_update, XGBoosterUpdateOneIter, (cxgb_booster booster, int iteration, cxgb_matrix train),             \
      (booster, iteration, train))                                                                                  \
    X(booster_evaluate, XGBoosterEvalOneIter,                                                                       \
      (cxgb_booster booster, int iteration, cxgb_matrix *matrices, const char **names, uint64_t count,              \
       const char **out),                                                                                           \
      (booster, iteration, matrices, names, count, out))                                                            \
    X(booster_predict, XGBoosterPredictFromDMatrix,                                                                 \
      (cxgb_booster booster, cxgb_matrix matrix, const char *config, const uint64_t **shape,                        \
       uint64_t *dimensions, const float **values),                                                                 \
      (booster, matrix, config, shape, dimensions, values))                                                         \
    X(booster_predict_dense, XGBoosterPredictFromDense,                                                             \
      (cxgb_booster booster, const char *array, const char *config, cxgb_matrix meta, const uint64_t **shape,       \
       uint64_t *dimensions, const float **values),                                                                 \
      (booster, array, config, meta, shape, dimensions, values))                                                    \
    X(booster_predict_csr, XGBoosterPredictFromCSR,                                                                 \
      (cxgb_booster booster, const char *indptr, const char *indices, const char *values, uint64_t columns,         \
       const char *config, cxgb_matrix meta, const uint64_t **shape, uint64_t *dimensions, const float **out),      \
      (booster, indptr, indices, values, columns, config, meta, shape, dimensions, out))                            \
    X(booster_save, XGBoosterSaveModelToBuffer,                                                                     \
      (cxgb_booster booster, const char *config, uint64_t *size, const char **bytes),                               \
      (booster, config, size, bytes))                                                                               \
    X(booster_load, XGBoosterLoadModelFromBuffer, (cxgb_booster booster, const void *bytes, uint64_t size),         \
      (booster, bytes, size))                                                                                       \
    X(booster_serialize, XGBoosterSerializeToBuffer, (cxgb_booster booster, uint64_t *size, const char **bytes),    \
      (booster, size, bytes))                                                                                       \
    X(booster_unserialize, XGBoosterUnserializeFromBuffer,                                                          \
      (cxgb_booster booster, const void *bytes, uint64_t size), (booster, bytes, size))                             \
    X(booster_configuration, XGBoosterSaveJsonConfig, (cxgb_booster booster, uint64_t *size, const char **text),    \
      (booster, size, text))                                                                                        \
    X(booster_slice, XGBoosterSlice, (cxgb_booster booster, int begin, int end, int step, cxgb_booster *out),       \
      (booster, begin, end, step, out))                                                                             \
    X(booster_features, XGBoosterGetNumFeature, (cxgb_booster booster, uint64_t *count), (booster, count))          \
    X(booster_rounds, XGBoosterBoostedRounds, (cxgb_booster booster, int *count), (booster, count))                 \
    X(booster_attribute, XGBoosterGetAttr,                                                                          \
      (cxgb_booster booster, const char *name, const char **value, int *found), (booster, name, value, found))      \
    X(booster_set_attribute, XGBoosterSetAttr, (cxgb_booster booster, const char *name, const char *value),         \
      (booster, name, value))                                                                                       \
    X(tracker_create, XGTrackerCreate, (const char *config, cxgb_tracker *out), (config, out))                      \
    X(tracker_run, XGTrackerRun, (cxgb_tracker tracker, const char *config), (tracker, config))                     \
    X(tracker_worker_args, XGTrackerWorkerArgs, (cxgb_tracker tracker, const char **args), (tracker, args))         \
    X(tracker_wait, XGTrackerWaitFor, (cxgb_tracker tracker, const char *config), (tracker, config))                \
    X(tracker_free, XGTrackerFree, (cxgb_tracker tracker), (tracker))                                               \
    X(communicator_init, XGCommunicatorInit, (const char *config), (config))                                        \
    X(communicator_finalize, XGCommunicatorFinalize, (void), ())                                                    \
    X(communicator_signal_error, XGCommunicatorSignalError, (void), ())                                             \
    X(communicator_rank, XGCommunicatorGetRank, (void), ())                                                         \
    X(communicator_world_size, XGCommunicatorGetWorldSize, (void), ())                                              \
    X(communicator_allreduce, XGCommunicatorAllreduce, (void *values, size_t count, int type, int operation),       \
      (values, count, type, operation))                                                                             \
    X(communicator_broadcast, XGCommunicatorBroadcast, (void *bytes, size_t size, int root), (bytes, size, root))

static struct {
#define FIELD(name, symbol, parameters, arguments) int(*name) parameters;
    CALLS(FIELD)
#undef FIELD
    const char *(*last_error)(void);
    void (*version)(int *, int *, int *);
} library;

int cxgb_open(const char *path, const char *runtime_path, char *reason, size_t reason_size) {
    // The wheel's library names its OpenMP runtime by soname; one that is loaded already satisfies it.
    if (runtime_path != NULL && dlopen(runtime_path, RTLD_NOW | RTLD_GLOBAL) == NULL) {
        snprintf(reason, reason_size, "%s", dlerror());
        return -1;
    }
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (handle == NULL) {
        snprintf(reason, reason_size, "%s", dlerror());
        return -1;
    }
#define RESOLVE(field, symbol)                                                   \
    *(void **)&library.field = dlsym(handle, #symbol);                           \
    if (library.field == NULL) {                                                 \
        snprintf(reason, reason_size, "%s lacks the function %s", path, #symbol); \
        return -1;                                                               \
    }
#define RESOLVE_CALL(name, symbol, parameters, arguments) RESOLVE(name, symbol)
    CALLS(RESOLVE_CALL)
    RESOLVE(last_error, XGBGetLastError)
    RESOLVE(version, XGBoostVersion)
    return 0;
}

const char *cxgb_last_error(void) {
    return library.last_error == NULL ? "libxgboost is not loaded" : library.last_error();
}

void cxgb_version(int *major, int *minor, int *patch) {
    if (library.version != NULL) {
        library.version(major, minor, patch);
    }
}

#define DEFINE(name, symbol, parameters, arguments)               \
    int cxgb_##name parameters {                                  \
        return library.name == NULL ? -1 : library.name arguments; \
    }
CALLS(DEFINE)
