/// What a command that changes manifests is to do.
enum RunPlan {
  /// Each input is changed and delivered.
  case inputs(TransformPlan)
  /// One list is changed, as orchestrators of KRM functions have it.
  case function(FunctionPlan)
}
