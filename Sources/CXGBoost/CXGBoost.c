#include "CXGBoost.h"
int cxgboost_placeholder(void) { return 0; }
